/**
 * `node test/bench/data-plane/main.ts`: what the proxies of the mesh cost beside bare Envoys, as a table. Exits 1 when that is more than 1.2
 * times their CPU at one of the rates, or when a request failed.
 */
import { writeFile } from 'node:fs/promises';
import { runDataPlane } from './data-plane.ts';
import { commandLine, USAGE } from './options.ts';
import { missed, tableOf } from './table.ts';

async function main(args: readonly string[]): Promise<number> {
  const { measure, json } = commandLine(args);
  const started = performance.now();
  const say = (line: string): void => {
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
  };
  const report = await runDataPlane({ ...measure, say });
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(tableOf(report));
  return missed(report).length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
