import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';

/** An HTTP/2 connection without TLS that is held open. */
export interface Http2Connection extends Disposable {
  readonly session: ClientHttp2Session;
  /** One request to its end. */
  call(headers: Readonly<Record<string, string>>, body?: string): Promise<Http2Answer>;
  /** A request whose both ends stay open. */
  stream(headers: Readonly<Record<string, string>>): ClientHttp2Stream;
}

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: string;
}

/** Connects with prior knowledge. */
export function openHttp2(to: { readonly address: string; readonly port: number }): Http2Connection {
  const session = connect(`http://${to.address}:${to.port}`);
  session.on('error', () => undefined);
  const stream = (headers: Readonly<Record<string, string>>) => session.request({ ':method': 'POST', ...headers });
  return {
    session,
    stream,
    call: (headers, body) =>
      new Promise((resolve, reject) => {
        const request = stream(headers);
        let [answer, trailers]: IncomingHttpHeaders[] = [{}, {}];
        let text = '';
        request.on('response', (fields) => (answer = fields));
        request.on('trailers', (fields) => (trailers = fields));
        request.on('data', (chunk) => (text += String(chunk)));
        request.on('error', reject);
        request.on('end', () => {
          const status = Number(answer?.[':status'] ?? 0);
          resolve({ status, headers: answer ?? {}, trailers: trailers ?? {}, body: text });
        });
        request.end(body);
      }),
    [Symbol.dispose]: () => session.destroy(),
  };
}
