/** `node attacker-program.ts PORTS SEED FACTOR BODY MILLISECONDS`: all assaults, again and again until time is over; writes their numbers as JSON. */
import { Seeded } from '../wire/seeded.ts';
import { ASSAULTS, type Ports } from './assaults.ts';

const [portsText = '{}', seed = '1', factor = '1', body = '0', milliseconds = '1000'] = process.argv.slice(2);
const ports = JSON.parse(portsText) as Ports;
const random = new Seeded(Number(seed));
const weight = { factor: Number(factor), body: Number(body) };
const counts: Record<string, number> = {};
const deadline = performance.now() + Number(milliseconds);

let isFirst = true;
while (isFirst || performance.now() < deadline) {
  for (const [name, assault] of Object.entries(ASSAULTS)) {
    if (!isFirst && performance.now() > deadline) break;
    counts[name] = (counts[name] ?? 0) + (await assault(ports, random, weight));
  }
  isFirst = false;
}
process.stdout.write(`\n${JSON.stringify(counts)}\n`, () => process.exit(0));
