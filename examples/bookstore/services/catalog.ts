// catalog: the books of the store, over HTTP.
import { type Answer, type Call, notFound, serveHttp } from './shared/http-service.ts';
import { selfOf } from './shared/settings.ts';

interface Book {
  readonly id: string;
  readonly title: string;
  readonly author: string;
  readonly cents: number;
}

const books = new Map<string, Book>(
  [
    { id: '1', title: 'Middlemarch', author: 'George Eliot', cents: 1290 },
    { id: '2', title: 'The Master and Margarita', author: 'Mikhail Bulgakov', cents: 1450 },
    { id: '3', title: 'Pedro Páramo', author: 'Juan Rulfo', cents: 990 },
    { id: '4', title: 'The Left Hand of Darkness', author: 'Ursula K. Le Guin', cents: 1190 },
    { id: '5', title: 'Kokoro', author: 'Natsume Sōseki', cents: 1050 },
  ].map((book) => [book.id, book]),
);

function handle({ method, path }: Call): Answer {
  const [collection, id, ...rest] = path;
  if (collection !== 'books' || rest.length > 0) return notFound;
  if (id === undefined) return { status: 200, body: { books: [...books.values()] } };
  const book = books.get(id);
  if (book === undefined) return notFound;
  // Only said, not done, so that the store survives a demonstration without policies/deny-delete.yaml.
  if (method === 'DELETE') return { status: 200, body: { deleted: id } };
  return { status: 200, body: { book } };
}

serveHttp(selfOf('catalog'), handle);
