import { isIP } from 'node:net';
import { BootstrapError, type JsonObject } from './options.ts';

/** Milliseconds as the JSON form of `google.protobuf.Duration`. */
export function duration(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}

/** Envoy's SocketAddress. Throws {@link BootstrapError} when the port is none. */
export function socketAddress(field: string, address: string, port: number): JsonObject {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new BootstrapError(field, `${port} is not a port`);
  return { socket_address: { address, port_value: port } };
}

/** Whether only processes of this machine (or pod) can reach an address. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
