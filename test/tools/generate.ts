/**
 * `node test/tools/generate.ts [--check] [words…]`: makes the generated files anew, of the generators whose name holds one of the words,
 * else of all. With `--check` it writes nothing, names what is stale and exits 1.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../operator/local/tools/command.ts';
import { type Generator, GENERATORS } from './generators.ts';
import { readSeals, sealOf, writeSeals } from './seal.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEALS = join(import.meta.dirname, 'generated.seals.json');

/** What is wrong with the generated files of one generator, in one line; undefined when they are current. */
async function staleness(generator: Generator): Promise<string | undefined> {
  switch (generator.kind) {
    case 'checked': {
      const result = await runCommand(process.execPath, [generator.script, '--check'], { cwd: ROOT });
      return result.exitCode === 0 ? undefined : result.tail;
    }
    case 'sealed': {
      const seals = await readSeals(SEALS);
      if (seals[generator.name] === (await sealOf(ROOT, generator.files))) return undefined;
      return `${generator.files.join(', ')}: changed since they were generated: run npm run generate`;
    }
  }
}

async function generate(generator: Generator): Promise<void> {
  const onLine = (line: string) => void process.stdout.write(`  ${line}\n`);
  const result = await runCommand(process.execPath, [generator.script], { cwd: ROOT, onLine });
  if (result.exitCode !== 0) throw new Error(`${generator.script} failed with exit code ${result.exitCode}`);
  if (generator.kind === 'sealed') {
    const seal = await sealOf(ROOT, generator.files);
    await writeSeals(SEALS, { ...(await readSeals(SEALS)), [generator.name]: seal });
  }
}

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = GENERATORS.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase())),
);
for (const generator of chosen) {
  if (values.check) {
    const stale = await staleness(generator);
    if (stale !== undefined) process.exitCode = 1;
    process.stdout.write(
      `${stale === undefined ? '✓' : '✗'} ${generator.name}\n${stale === undefined ? '' : `${stale}\n`}`,
    );
  } else {
    process.stdout.write(`… ${generator.name}\n`);
    await generate(generator);
  }
}
