/**
 * The SPIFFE ID of the caller, as the proxy in front of us verified it and says in `x-forwarded-client-cert`. Not to be
 * believed without a proxy: anybody can send the header.
 */
export function peerIdentity(header: string | readonly string[] | undefined): string | null {
  const text = typeof header === 'string' ? header : (header?.join(',') ?? '');
  return /(?:^|[;,])URI=(spiffe:\/\/[^;,"]+)/i.exec(text)?.[1] ?? null;
}
