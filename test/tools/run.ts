/**
 * `node test/tools/run.ts [stage…] [words…]`: runs the stages that are named, else all but `e2e`, one after the other; a failed one does not keep the
 * others from running. Other words choose the test files whose path holds one of them. Exits 1 when something failed.
 */
import { join } from 'node:path';
import { envoyBinary } from '../../operator/local/tools/envoy-binary.ts';
import { formatElapsed } from '../../operator/local/tools/progress.ts';
import { withCluster } from './cluster-stage.ts';
import { helmBinary } from './helm-binary.ts';
import { kubeBinaries } from './kube-binaries.ts';
import { type Outcome, reportOf, type StageResult } from './outcome.ts';
import { runScript } from './run-script.ts';
import { runTests, testFiles } from './run-tests.ts';
import { chosenStages, type Stage } from './stages.ts';
import { vegetaBinary } from './vegeta-binary.ts';

const ROOT = join(import.meta.dirname, '../..');

async function main(words: readonly string[]): Promise<void> {
  const { filters, stages } = chosenStages(words);
  const results: StageResult[] = [];
  const started = performance.now();
  for (const [index, stage] of stages.entries()) {
    const stageStarted = performance.now();
    process.stdout.write(
      `\n[${index + 1}/${stages.length}] ${stage.name} (at ${formatElapsed(stageStarted - started)})\n`,
    );
    const outcome = await runStage(stage, filters).catch(failed);
    results.push({ stage: stage.name, outcome, milliseconds: performance.now() - stageStarted });
    if (outcome.kind !== 'passed') process.stdout.write(`  ${outcome.kind}: ${outcome.why}\n`);
  }
  process.stdout.write(reportOf(results, performance.now() - started));
  process.exitCode = results.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0;
}

async function runStage(stage: Stage, filters: readonly string[]): Promise<Outcome> {
  if (stage.kind === 'script') return runScript(stage.name, ROOT);
  const files = testFiles(stage, filters, ROOT);
  if (files.length === 0) return { kind: 'skipped', why: `there are no files like ${stage.patterns.join(' or ')}` };
  if (stage.needsTools) {
    await envoyBinary();
    if ((process.env['KUBECONFIG'] ?? '') === '') await kubeBinaries();
    if (stage.name === 'integration') await kubeBinaries({ release: 'oldest' });
    if (stage.name === 'faults') await vegetaBinary();
    // What needs it is skipped where it cannot be had.
    await helmBinary().catch(() => undefined);
  }
  if (stage.cluster === undefined) return runTests(stage, files, ROOT);
  return withCluster(stage.cluster, ROOT, { named: process.argv.includes(stage.name) }, () =>
    runTests(stage, files, ROOT),
  );
}

function failed(error: unknown): Outcome {
  return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
}

await main(process.argv.slice(2));
