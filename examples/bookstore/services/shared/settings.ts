import { hostname } from 'node:os';

/** Where to listen or to connect. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which program of which version in which pod this is. */
export interface Self {
  readonly service: string;
  readonly version: string;
  readonly pod: string;
}

/** An environment variable; empty counts as absent. */
export function setting(name: string, fallback: string): string {
  const value = process.env[name];
  return value === undefined || value === '' ? fallback : value;
}

/** An environment variable that is a number of at least 0. */
export function numberSetting(name: string, fallback: number): number {
  const value = Number(setting(name, String(fallback)));
  if (!(value >= 0)) throw new Error(`${name} has to be a number of at least 0`);
  return value;
}

/** From `VERSION` and `POD_NAME`. */
export function selfOf(service: string): Self {
  return { service, version: setting('VERSION', 'v1'), pod: setting('POD_NAME', hostname()) };
}

/** From `HOST` and `PORT`; all addresses and the service's usual port where they are not set. */
export function listenAddress(port: number): Address {
  return { host: setting('HOST', '0.0.0.0'), port: numberSetting('PORT', port) };
}

/** Where another service is: `NAME_SERVICE_HOST` and `NAME_SERVICE_PORT`, as Kubernetes sets them, or its DNS name. */
export function upstream(name: string, port: number): Address {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return { host: setting(`${prefix}_SERVICE_HOST`, name), port: numberSetting(`${prefix}_SERVICE_PORT`, port) };
}

/** `host:port`, with brackets around IPv6. */
export function authority({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Writes one line of JSON to standard output. */
export function report(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
