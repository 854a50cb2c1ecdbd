import type { Init } from './init.ts';
import type { AddressSchema, CidrRangeSchema } from './proto/index.ts';

/** An IP address without brackets, and a port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Reads `10.96.0.7:80` and `[fd00::7]:80`. Throws RangeError for anything else. */
export function parseAddress(text: string): SocketAddress {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon);
  const port = Number(text.slice(colon + 1));
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const isSound = colon > 0 && bare !== '' && Number.isInteger(port) && port > 0 && port < 65_536;
  if (!isSound || (bare === host && host.includes(':'))) throw new RangeError(`not an address with a port: ${text}`);
  return { address: bare, port };
}

/** `10.96.0.7:80`, `[fd00::7]:80`: as Envoy prints it. */
export function formatAddress({ address, port }: SocketAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Envoy's form of a TCP address. */
export function socketAddress({ address, port }: SocketAddress): Init<typeof AddressSchema> {
  return {
    address: {
      case: 'socketAddress',
      value: { address, portSpecifier: { case: 'portValue', value: port } },
    },
  };
}

/** Envoy's form of `10.0.0.0/8`, `fd00::/8` or a single address. Throws RangeError when the length is none. */
export function cidrRange(text: string): Init<typeof CidrRangeSchema> {
  const [addressPrefix = '', length] = text.split('/');
  const whole = addressPrefix.includes(':') ? 128 : 32;
  const prefixLen = length === undefined ? whole : Number(length);
  if (!Number.isInteger(prefixLen) || prefixLen < 0 || prefixLen > whole || length === '') {
    throw new RangeError(`not a block of addresses: ${text}`);
  }
  return { addressPrefix, prefixLen };
}
