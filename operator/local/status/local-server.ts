import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';

/** What can be asked, by path: each answers with what is sent as JSON. */
export type Questions = Readonly<Record<string, () => unknown>>;

/** Answers `GET` over a Unix socket that only its owner can reach. */
export class LocalServer {
  readonly #server: Server;
  readonly #path: string;

  constructor(path: string, questions: Questions) {
    this.#path = path;
    const byPath = new Map(Object.entries(questions));
    this.#server = createServer((request, response) => {
      const question = byPath.get(request.url ?? '/');
      if (request.method !== 'GET' || question === undefined) return answer(response, 404, { error: 'not found' });
      try {
        return answer(response, 200, question());
      } catch (error) {
        return answer(response, 500, { error: String(error) });
      }
    });
  }

  async listen(): Promise<void> {
    await rm(this.#path, { force: true });
    this.#server.listen(this.#path);
    await once(this.#server, 'listening');
    await chmod(this.#path, 0o600);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

function answer(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
