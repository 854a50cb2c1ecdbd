/**
 * What applications take a request's path or host for. No server reads them in all of these ways, and each of these ways is some
 * server's: it resolves dot segments or leaves them, decodes first or last, removes `;parameters` or does not, decodes overlong UTF-8 and
 * `%u002f` or not, and takes `\` for `/` or for a character.
 */
export function pathReadings(target: string): ReadonlySet<string> {
  const [path = ''] = target.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  const readings = new Set([path]);
  for (const decode of [(text: string) => text, decodedOnce, decodedLeniently]) {
    for (const order of ['keep', 'before', 'after'] as const) {
      for (const slashes of ['/', '/\\'] as const) {
        const stripped = order === 'before' ? withoutParameters(path) : path;
        const decoded = decode(stripped);
        const named = order === 'after' ? withoutParameters(decoded) : decoded;
        const [text = ''] = (slashes === '/' ? named : named.replaceAll('\\', '/')).split('\0', 1);
        readings.add(resolved(text));
      }
    }
  }
  return readings;
}

/** A host as applications compare it. */
export interface HostReading {
  readonly name: string;
  /** As given, or HTTP's own. */
  readonly port: number;
}

/** In lower case, without the dot at its end; with and without user information, decoded or not. */
export function hostReadings(authority: string): readonly HostReading[] {
  const forms = [authority, authority.slice(authority.lastIndexOf('@') + 1)];
  return forms
    .flatMap((form) => [form, decodedOnce(form)])
    .map((form) => {
      const [, name = form, port] = /^(.*?)(?::(\d*))?$/s.exec(form) ?? [];
      return { name: name.toLowerCase().replace(/\.$/, ''), port: port ? Number(port) : 80 };
    });
}

function decodedOnce(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** As decoders do that do not ask whether UTF-8 is as short as it can be. */
function decodedLeniently(text: string): string {
  const wide = text.replaceAll(/%u([0-9A-Fa-f]{4})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return decodedOnce(wide)
    .replaceAll(/[\xc0\xc1][\x80-\xbf]/g, (pair) => character(pair, 0x1f))
    .replaceAll(/\xe0[\x80-\x9f][\x80-\xbf]/g, (three) => character(three, 0x0f))
    .replaceAll(/\xf0[\x80-\x8f][\x80-\xbf]{2}/g, (four) => character(four, 0x07));
}

function character(bytes: string, first: number): string {
  const [head = 0, ...rest] = Array.from(bytes, (byte) => byte.charCodeAt(0));
  return String.fromCharCode(rest.reduce((sum, byte) => sum * 64 + (byte & 0x3f), head & first) & 0xffff);
}

function withoutParameters(path: string): string {
  return path
    .split('/')
    .map((segment) => segment.split(';', 1)[0] ?? '')
    .join('/');
}

function resolved(path: string): string {
  const kept: string[] = [''];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..' && kept.length > 1) kept.pop();
    if (segment === '.' || segment === '..' || segment === '') {
      if (isLast) kept.push('');
    } else kept.push(segment);
  }
  return kept.join('/');
}
