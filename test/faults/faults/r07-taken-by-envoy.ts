import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { startProcess } from '../../tools/process.ts';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import type { Verdict } from '../random/envoy-judge.ts';

const SETS: Readonly<Record<FaultSize, number>> = { short: 40, standard: 1000, full: 10_000 };
const PROGRAM = join(import.meta.dirname, '..', 'random', 'envoy-main.ts');

/** A line of the program. */
type Line = { readonly seed: number; readonly objects: number } & (Verdict | { readonly thrown: string });

/** Whatever an API server takes, a real Envoy takes what it comes to. */
export const R7: Fault = {
  id: 'R7',
  title:
    'Random valid objects of all kinds, Services, endpoints and pods of all shapes with policies of any fields, are compiled and given to a real Envoy',
  expected: 'nothing throws; Envoy acknowledges every resource',
  isShort: true,
  run: takenByEnvoy,
};

async function takenByEnvoy({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  await envoyBinary();
  const count = SETS[size];
  const lines = await judged(count, signal, say);
  const thrown = lines.filter((line) => 'thrown' in line);
  const judgedLines = lines.flatMap((line) => ('thrown' in line ? [] : [line]));
  const refused = judgedLines.filter(({ rejected, silent }) => rejected.length > 0 || silent.length > 0);
  const resources = judgedLines.reduce((sum, line) => sum + line.resources, 0);
  const objects = lines.reduce((sum, line) => sum + line.objects, 0);
  for (const line of [...thrown, ...refused].slice(0, 5))
    say(
      `${JSON.stringify(line).slice(0, 800)}\n  again: unshare --net sh -c 'ip link set lo up; node ${PROGRAM} --seed ${line.seed}'`,
    );
  return [
    {
      name: 'sets at which anything throws',
      expected: `0 of ${count}`,
      measured: countsOf(thrown.length, lines.length, `threw, of ${objects} objects`),
      passed: thrown.length === 0 && lines.length === count,
    },
    {
      name: 'sets of which Envoy has refused or not answered anything',
      expected: `0 of ${count}`,
      measured: `${countsOf(refused.length, judgedLines.length, 'did')}, with ${resources} resources`,
      passed: refused.length === 0 && resources > count * 10,
    },
  ];
}

/** Runs the program in a network of its own, as Envoy listens at ports that are always the same. */
async function judged(count: number, signal: AbortSignal, say: (line: string) => void): Promise<readonly Line[]> {
  const output = new PassThrough();
  const running = await startProcess({
    command: 'unshare',
    args: [
      '--net',
      '--',
      'sh',
      '-c',
      'ip link set lo up && exec "$@"',
      'sh',
      process.execPath,
      PROGRAM,
      '--count',
      String(count),
    ],
    deathSignal: 'SIGTERM',
    onOutput: (chunk) => void output.write(chunk),
  });
  void running.exited.then(() => output.end());
  signal.addEventListener('abort', () => running.kill('SIGTERM'));
  const lines: Line[] = [];
  for await (const text of createInterface({ input: output })) {
    if (!text.startsWith('{')) {
      say(text);
      continue;
    }
    lines.push(JSON.parse(text) as Line);
    if (lines.length % 200 === 0) say(`${lines.length} of ${count} sets`);
  }
  return lines;
}
