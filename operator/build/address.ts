/** `address:port`, IPv6 in brackets: as Envoy writes the address of a connection. */
export function dialled(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** IPv6 in its shortest form and in lower case, as Envoy writes it; anything else as it is. */
export function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  const url = URL.parse(`http://[${address}]/`);
  return url === null ? address : url.hostname.slice(1, -1);
}
