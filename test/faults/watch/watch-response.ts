import type { ServerResponse } from 'node:http';
import type { WatchEvent } from '../../../operator/framework/api/api.ts';
import { expiredError } from '../../../operator/framework/memory/memory-watch.ts';
import type { Disturbance, EventFault } from './disturbance.ts';

/** Writes a watch, with what goes wrong in it. */
export class WatchResponse {
  readonly #response: ServerResponse;
  readonly #resource: string;
  readonly #disturbance: () => Disturbance;
  #held: WatchEvent | undefined;

  constructor(response: ServerResponse, resource: string, disturbance: () => Disturbance) {
    this.#response = response;
    this.#resource = resource;
    this.#disturbance = disturbance;
  }

  /** Whether there may be more. */
  write(event: WatchEvent): boolean {
    if (event.type === 'BOOKMARK') {
      this.#bookmark(event);
      return true;
    }
    const fault = this.#held === undefined ? this.#disturbance().event(this.#resource) : undefined;
    if (fault?.kind === 'swap') {
      this.#held = event;
      return true;
    }
    if (fault !== undefined && fault.kind !== 'duplicate') {
      this.#fail(fault, lineOf(event));
      return false;
    }
    const late = this.#held === undefined ? '' : lineOf(this.#held);
    this.#held = undefined;
    // In one piece: an event that is told late, and then lost, could not be known to exist.
    this.#response.write(lineOf(event) + late + (fault === undefined ? '' : lineOf(event)));
    return true;
  }

  #bookmark(event: WatchEvent): void {
    // It must not tell of a version whose event is still to come.
    if (this.#held !== undefined) return;
    const fault = this.#disturbance().bookmark(this.#resource);
    if (fault?.kind !== 'drop') this.#response.write(lineOf(event).repeat(fault?.kind === 'double' ? 2 : 1));
  }

  #fail({ kind }: EventFault, line: string): void {
    const response = this.#response;
    const half = line.slice(0, line.length / 2);
    if (kind === 'end') response.end();
    else if (kind === 'break') response.socket?.destroy();
    else if (kind === 'expire') response.end(lineOf({ type: 'ERROR', object: expiredError().toStatus() }));
    else if (kind === 'truncated-line') response.end(`${half}\n`);
    else if (kind === 'cut-line') {
      response.write(half);
      setImmediate(() => response.socket?.destroy());
    }
  }
}

function lineOf(event: WatchEvent): string {
  return `${JSON.stringify(event)}\n`;
}
