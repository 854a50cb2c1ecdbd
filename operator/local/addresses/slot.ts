import { createServer, type Server } from 'node:net';
import { SLOTS } from './loopback-plan.ts';

/** A slot of loopback addresses that no other run on this machine has. */
export interface Slot {
  readonly number: number;
  /** Lets others have it. */
  release(): Promise<void>;
}

/** The machine cannot have an address of its own for every replica. */
export class LoopbackUnsupportedError extends Error {
  override readonly name = 'LoopbackUnsupportedError';
}

const GUARD_PORT = 15_999;

/**
 * Takes the first free slot. A bound socket holds it, which the system closes however this process ends.
 *
 * Throws {@link LoopbackUnsupportedError} where only 127.0.0.1 can be bound, as on macOS.
 */
export async function claimSlot(guardPort = GUARD_PORT): Promise<Slot> {
  for (let number = 1; number <= SLOTS; number += 1) {
    const guard = await bind(`127.${number * 8}.0.1`, guardPort);
    if (guard !== undefined) return { number, release: () => close(guard) };
  }
  throw new LoopbackUnsupportedError(`all ${SLOTS} ranges of loopback addresses are taken by other runs of dotkube up`);
}

async function bind(address: string, port: number): Promise<Server | undefined> {
  // It answers nobody: a connection is closed at once.
  const server = createServer((socket) => socket.destroy());
  return await new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(unsupported(address, error));
    });
    server.listen({ host: address, port, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function unsupported(address: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'EADDRNOTAVAIL') return cause;
  return new LoopbackUnsupportedError(
    `the local mode gives every replica a loopback address of its own, and this system does not let it bind ${address}. ` +
      'Linux does; on macOS run it in a Linux container or virtual machine.',
    { cause },
  );
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
