/** What the program of clients is told. */
export type Order =
  /** Connects clients that ask for these clusters and their endpoints. */
  | { readonly kind: 'connect'; readonly clients: readonly ClientSpec[]; readonly port: number }
  /** Some of them read nothing any more, in either way, and ask for these as well. */
  | { readonly kind: 'stop-reading'; readonly clients: readonly number[]; readonly more: readonly string[] }
  | { readonly kind: 'read-again'; readonly clients: readonly number[] }
  /** Tells which changes came when, and forgets them. */
  | { readonly kind: 'report' };

/** One client. */
export interface ClientSpec {
  readonly id: string;
  readonly token: string;
  readonly clusters: readonly string[];
  /** Whether its connection can be made to stop; else only its stream can. */
  readonly hasRelay?: boolean;
}

/** What it tells. */
export type Reply =
  /** Each of them has what it asked for. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'done' }
  | { readonly kind: 'report'; readonly arrivals: readonly Arrivals[]; readonly closed: readonly number[] };

/** What came to one client: of each endpoint resource its marker, the marker before it, and when (milliseconds since 1970). */
export interface Arrivals {
  readonly client: number;
  /** `[service, marker before, marker, time]`, one after the other. */
  readonly seen: readonly number[];
}

/** The address that stands for a change: 10.x.y.z. */
export function markerAddress(marker: number): string {
  return `10.${(marker >> 16) & 255}.${(marker >> 8) & 255}.${marker & 255}`;
}

/** The change that an address stands for. */
export function markerOf(address: string): number {
  const [, x = 0, y = 0, z = 0] = address.split('.').map(Number);
  return x * 65_536 + y * 256 + z;
}
