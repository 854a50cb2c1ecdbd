// reviews: what readers say of a book, over HTTP. From v2 on with stars.
import { type Answer, type Call, notFound, serveHttp } from './shared/http-service.ts';
import { selfOf } from './shared/settings.ts';

const self = selfOf('reviews');
const withStars = self.version !== 'v1';

const sentences = [
  { reader: 'Ada', text: 'Read it twice, will read it again.', stars: 5 },
  { reader: 'Blaise', text: 'Long, but I could not put it down.', stars: 4 },
  { reader: 'Chien-Shiung', text: 'Not what I expected.', stars: 3 },
];

function handle({ path }: Call): Answer {
  const [collection, id, reviews, ...rest] = path;
  if (collection !== 'books' || id === undefined || reviews !== 'reviews' || rest.length > 0) return notFound;
  const written = sentences.map(({ reader, text, stars }) => ({ reader, text, ...(withStars ? { stars } : {}) }));
  return { status: 200, body: { book: id, reviews: written } };
}

serveHttp(self, handle);
