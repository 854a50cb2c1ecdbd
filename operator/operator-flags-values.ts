import { isIP } from 'node:net';
import type { IpFamily } from '@dot-kube/proxy/init';
import type { ListenAddress } from '@dot-kube/proxy/xds';

/** The command line is wrong; the message says what and how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The allowed value that this is. Throws {@link UsageError}, as all of these do. */
export function oneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${flag} is one of ${allowed.join(', ')}, not ${value}`);
  return found;
}

/** `host:port`, `[v6]:port` or `:port`. */
export function address(flag: string, value: string): ListenAddress {
  const colon = value.lastIndexOf(':');
  const port = Number(value.slice(colon + 1));
  const host = value.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, '');
  const isPort = colon >= 0 && /^\d{1,5}$/.test(value.slice(colon + 1)) && port <= 65_535;
  if (!isPort) throw new UsageError(`${flag} is HOST:PORT or :PORT, not ${value}`);
  return host === '' ? { port } : { host, port };
}

/** A whole number from `from` to `to`; `what` is said of it where it is none. */
export function wholeNumber(flag: string, value: string, what: string, [from, to]: readonly [number, number]): number {
  const isUsable = /^\d{1,6}$/.test(value) && Number(value) >= from && Number(value) <= to;
  if (!isUsable) throw new UsageError(`${flag} is ${what} from ${from} to ${to}, not ${value}`);
  return Number(value);
}

/** The families of pods' addresses, the main one first. */
export function ipFamilies(list: string): readonly IpFamily[] {
  const families = ['ipv4', 'ipv6', 'ipv4,ipv6', 'ipv6,ipv4'] as const;
  return oneOf('--ip-families', list, families).split(',') as IpFamily[];
}

/** `10.96.0.0/12`. */
export function cidr(value: string): string {
  const [ip = '', bits = ''] = value.split('/');
  const family = isIP(ip);
  const isCidr = family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  if (!isCidr) throw new UsageError(`--service-cidr is like 10.96.0.0/12, not ${value}`);
  return value;
}
