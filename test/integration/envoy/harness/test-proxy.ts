import { setTimeout as delay } from 'node:timers/promises';
import type { EnvoyProcess } from '../../../tools/envoy-process.ts';
import { type Answer, type Call, call } from './http-client.ts';

/** A line of the access log. */
export type LogLine = Readonly<Record<string, unknown>>;

interface Where {
  readonly address: string;
  readonly port: number;
}

/** A running Envoy of the mesh. */
export class TestProxy {
  readonly name: string;
  readonly envoy: EnvoyProcess;
  readonly #outbound: ReadonlyMap<string, Where>;
  readonly #inbound: ReadonlyMap<number, Where>;

  constructor(
    name: string,
    envoy: EnvoyProcess,
    outbound: ReadonlyMap<string, Where>,
    inbound: ReadonlyMap<number, Where>,
  ) {
    this.name = name;
    this.envoy = envoy;
    this.#outbound = outbound;
    this.#inbound = inbound;
  }

  /** Where its application connects to for a Service. */
  to(service: string): Where {
    const where = this.#outbound.get(service);
    if (where === undefined) throw new Error(`${this.name} was not started with a call to ${service}`);
    return where;
  }

  /** Where other proxies connect to for one of its workload's ports. */
  at(port: number): Where {
    const where = this.#inbound.get(port);
    if (where === undefined) throw new Error(`${this.name} was not started with port ${port}`);
    return where;
  }

  /** Calls a Service as its application does. */
  call(service: string, options: Call = {}): Promise<Answer> {
    return call(this.to(service), { ...options, headers: { host: service.split('#')[0] ?? '', ...options.headers } });
  }

  /** Its access log so far. */
  logLines(): readonly LogLine[] {
    return this.envoy
      .logs()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits for a line of the access log; throws with the last ones when it does not come. */
  async logged(matches: (line: LogLine) => boolean, timeoutMs = 3000): Promise<LogLine> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const lines = this.logLines();
      const found = lines.findLast(matches);
      if (found !== undefined) return found;
      if (performance.now() > deadline) {
        throw new Error(
          `${this.name} logged no such line:\n${lines
            .slice(-5)
            .map((line) => JSON.stringify(line))
            .join('\n')}`,
        );
      }
      await delay(10);
    }
  }
}
