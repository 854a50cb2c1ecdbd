import { rmSync } from 'node:fs';
import { OPERATOR_NODE_FLAGS } from '../../../operator/image/index.ts';
import { bundleOperator } from '../../bench/control-planes/operator-program.ts';
import type { OperatorProcessOptions } from '../../integration/harness/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';

type ImageOperator = Required<Pick<OperatorProcessOptions, 'nodeFlags' | 'program'>>;

let bundled: Promise<ImageOperator> | undefined;

/** The operator as production runs it, bundled once for all faults of this process: what its image has starts a second sooner than the sources. */
export function imageOperator(): Promise<ImageOperator> {
  return (bundled ??= bundle());
}

async function bundle(): Promise<ImageOperator> {
  const directory = await scratchDirectory('faults-image');
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return { nodeFlags: OPERATOR_NODE_FLAGS, program: await bundleOperator(directory) };
}
