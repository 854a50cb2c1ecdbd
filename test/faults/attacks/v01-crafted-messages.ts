import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '../../tools/server-process.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { ASSAULTS, type Ports } from './v01/assaults.ts';
import { Propagation } from './v01/propagation.ts';
import { Seeded, seedOf } from './wire/seeded.ts';

interface Extent {
  readonly factor: number;
  /** Bytes of a body that is too large. */
  readonly body: number;
  /** How long it goes on, at least once through everything. */
  readonly milliseconds: number;
  readonly changes: number;
}

const MIB = 2 ** 20;
const EXTENT: Readonly<Record<FaultSize, Extent>> = {
  short: { factor: 1, body: 16 * MIB, milliseconds: 1000, changes: 10 },
  standard: { factor: 4, body: 64 * MIB, milliseconds: 20_000, changes: 30 },
  full: { factor: 10, body: 64 * MIB, milliseconds: 15 * 60_000, changes: 100 },
};

/** In bytes, over what the operator had before: at any moment, and once what is over has been collected. */
const PEAK = 192 * MIB;
const GROWTH = 50 * MIB;

/** It collects when it has been idle for some seconds. */
const COLLECTED_MS = 15_000;

const RESTARTS = 'restarts of the operator';
const MEMORY = 'its memory, at its most';
const KEPT = 'its memory afterwards';
const CHANGES = 'changes on their way to a client that may connect';

/** Whatever comes in at any port of the operator, by those who may not connect. */
export const V1: Fault = {
  id: 'V1',
  title: 'Crafted, oversized and endless messages at every port of the operator, from whoever can reach it',
  expected:
    '0 restarts; its memory grows by less than 50 MiB, and 192 MiB at its most; changes take less than twice as long to get through',
  isShort: true,
  controls: [
    {
      title: 'what is no request is caught by nobody',
      file: 'proxy/xds/stream.ts',
      find: "    throw new GrpcError(grpcStatus.invalidArgument, 'not a DeltaDiscoveryRequest', { cause });",
      replace: '    setImmediate(() => {\n      throw cause;\n    });\n    throw cause;',
      fails: RESTARTS,
    },
    {
      title: 'requests of strangers may hold any number of bytes',
      file: 'proxy/xds/limits.ts',
      find: 'unauthenticatedBytes: 8 << 20',
      replace: 'unauthenticatedBytes: 2000 << 20',
      fails: MEMORY,
    },
  ],
  run,
};

async function run(context: FaultContext): Promise<readonly Check[]> {
  const extent = EXTENT[context.size];
  const seed = seedOf();
  await using mesh = await FaultMesh.start({
    flags: ['--injection', 'webhook', '--webhook-address', '127.0.0.1:0'],
  });
  const ports = await portsOf(mesh);
  await using propagation = await Propagation.start(mesh);
  const quiet = await propagation.measure(extent.changes);
  context.say(`seed ${seed}: ${Object.keys(ASSAULTS).length} kinds of assault on ${Object.keys(ports).length} ports`);
  const { pid } = mesh.operator.process;
  const before = await residentBytes(pid);
  const memory = watchMemory(pid);
  const assault = attack(ports, seed, extent);
  const during = await propagation.measureWhile(assault).catch((error: unknown) => error);
  const counts = await assault;
  await delay(500);
  const most = await memory.stop();
  const kept = await collectedBytes(pid, before + GROWTH);
  const isAlive = await isLive(ports.health);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (const [name, count] of Object.entries(counts)) context.say(`${count.toLocaleString('en-US')} × ${name}`);
  const anew = isAlive
    ? await propagation.connectAnew().catch(() => Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY;
  return [
    {
      name: RESTARTS,
      expected: '0',
      measured: `${isAlive ? 0 : 1} after ${total.toLocaleString('en-US')} frames, requests and connections${isAlive ? '' : `: ${mesh.operator.text().trim().split('\n').at(-1)?.slice(0, 300)}`}`,
      passed: isAlive,
    },
    {
      name: MEMORY,
      expected: 'less than 192 MiB more',
      measured: `${mib(most - before)} MiB over ${mib(before)} MiB`,
      passed: most - before < PEAK,
    },
    {
      name: KEPT,
      expected: 'less than 50 MiB more',
      measured: `${mib(kept - before)} MiB over ${mib(before)} MiB`,
      passed: kept - before < GROWTH,
    },
    propagationCheck(quiet, during),
    {
      name: 'somebody who may connect connects afterwards',
      expected: 'within 1,000 ms',
      measured: `${anew.toFixed(0)} ms`,
      passed: anew <= 1000,
    },
  ];
}

/** Its log may have forgotten its port by now. */
async function isLive(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/livez`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Where the operator listens, as its log says. */
async function portsOf({ operator, controlPlane }: FaultMesh): Promise<Ports> {
  const portIn = async (message: string): Promise<number> => Number((await operator.logged(message))['port']);
  return {
    xds: controlPlane.port,
    health: operator.healthPort,
    webhook: await portIn('admission webhooks are served'),
    replicas: await portIn('reports for other replicas are served'),
  };
}

async function attack(ports: Ports, seed: number, extent: Extent): Promise<Readonly<Record<string, number>>> {
  const program = join(import.meta.dirname, 'v01', 'attacker-program.ts');
  const numbers = [new Seeded(seed).below(2 ** 31), extent.factor, extent.body, extent.milliseconds].map(String);
  // What the attacker computes is not to be the operator's burden: they would share this machine.
  const server = await startServer('nice', ['-n', '15', process.execPath, program, JSON.stringify(ports), ...numbers]);
  await server.process.exited;
  const last = server.logs().trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`the attacker broke: ${server.logs().slice(-1000)}`);
  return JSON.parse(last) as Record<string, number>;
}

function watchMemory(pid: number): { readonly stop: () => Promise<number> } {
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, await residentBytes(pid).catch(() => 0));
  };
  const timer = setInterval(() => void look(), 50);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return most;
    },
  };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** What it has as soon as it has less than `wanted`, or when it has had time enough. */
async function collectedBytes(pid: number, wanted: number): Promise<number> {
  const deadline = performance.now() + COLLECTED_MS;
  for (;;) {
    const bytes = await residentBytes(pid).catch(() => 0);
    if (bytes < wanted || performance.now() > deadline) return bytes;
    await delay(500);
  }
}

function propagationCheck(quiet: readonly number[], during: unknown): Check {
  const expected = 'less than twice as long, or 100 ms, in the median; 99 of 100 within 1,000 ms';
  if (!Array.isArray(during)) return { name: CHANGES, expected, measured: String(during), passed: false };
  const taken = during as readonly number[];
  const [usual, now] = [quantile(quiet, 0.5), quantile(taken, 0.5)];
  const late = quantile(taken, 0.99);
  return {
    name: CHANGES,
    expected,
    measured: `${usual.toFixed(0)} ms before, ${now.toFixed(0)} ms meanwhile, p99 ${late.toFixed(0)} ms, ${Math.max(...taken).toFixed(0)} ms at most, of ${taken.length} changes`,
    passed: taken.length > 0 && now < Math.max(2 * usual, 100) && late <= 1000,
  };
}

function quantile(numbers: readonly number[], share: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}
