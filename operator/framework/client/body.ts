import type { IncomingMessage } from 'node:http';

/** The whole body as text. */
export async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The lines of a body as they come. Throws when the body ends within a line, as it does when the connection breaks. */
export async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of response) {
    const bytes = chunk as Buffer;
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      rest.push(bytes.subarray(start, end));
      const line = Buffer.concat(rest).toString('utf8');
      rest = [];
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
  }
  if (rest.length > 0) throw new Error('the response ended within a line');
}
