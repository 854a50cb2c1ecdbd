/** Characters that never need percent-encoding, so that a proxy writes them plainly. Source: RFC 3986, section 2.3. */
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

/**
 * A path as proxies compare it: dot segments resolved, repeated slashes merged, slashes and unreserved characters decoded.
 * `open` says at which ends the text goes on, so that a segment there is only a part of one.
 */
export function normalPath(path: string, open: { readonly start?: boolean; readonly end?: boolean } = {}): string {
  const decoded = path.replaceAll(/%([0-9A-Fa-f]{2})/g, (whole, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    if (character === '/' || character === '\\') return '/';
    return UNRESERVED.test(character) ? character : whole;
  });
  const segments = decoded.replaceAll(/\/{2,}/g, '/').split('/');
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const isPart = (isLast && open.end === true) || (index === 0 && open.start === true);
    if (isPart || (segment !== '.' && segment !== '..')) kept.push(segment);
    else {
      if (segment === '..' && kept.length > 1) kept.pop();
      if (isLast) kept.push('');
    }
  }
  return kept.join('/');
}
