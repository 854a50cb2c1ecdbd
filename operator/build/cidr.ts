/** An address or a block as a CIDR; `undefined` when it is neither. */
export function cidrOf(text: string): string | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const bits = bitsOf(address);
  if (bits === undefined || rest.length > 0) return undefined;
  if (length === undefined) return `${address}/${bits}`;
  return /^\d{1,3}$/.test(length) && Number(length) <= bits ? `${address}/${Number(length)}` : undefined;
}

/** How many bits an address has; `undefined` when it is none. */
export function bitsOf(address: string): 32 | 128 | undefined {
  if (address.includes(':')) return URL.canParse(`http://[${address}]/`) ? 128 : undefined;
  const octets = address.split('.');
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255)
    ? 32
    : undefined;
}
