import type { IncomingMessage } from 'node:http';
import { InvalidReviewError } from './admission-review.ts';

/** A request that gets another answer than a verdict. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Status code of HTTP. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The text of a review. Throws {@link Refusal} for what is none, or larger than `limit` bytes. */
export async function reviewText(request: IncomingMessage, limit: number): Promise<string> {
  if (request.method !== 'POST') throw new Refusal(405, 'reviews are posted');
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json') throw new Refusal(415, 'reviews are application/json');
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroyed, it could not be answered any more; Node.js throws away what is left of it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new Refusal(413, `reviews have at most ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What is answered when something was thrown; the words of an error that nobody expected stay in the log. */
export function refusalOf(thrown: unknown): { readonly code: number; readonly message: string } {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof InvalidReviewError) return { code: 400, message: thrown.message };
  return { code: 500, message: 'internal error' };
}
