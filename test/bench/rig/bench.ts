import { join } from 'node:path';
import { bundleOperator } from '../control-planes/operator-program.ts';
import { ROOT } from '../../tools/images/root.ts';
import type { Say } from './say.ts';
import { findShared, prepareShared, type SharedPrograms } from './shared-folder.ts';

/** What every part of the bench is given. */
export interface Bench {
  readonly say: Say;
  readonly signal: AbortSignal;
  /** For files; removed at the end. */
  readonly scratch: string;
  /** Whether istiod is measured too. */
  readonly istiod: boolean;
  /** xdsload and istiod; built and unpacked when first asked for. */
  programs(): Promise<SharedPrograms>;
  /** Ours, bundled as in the image; made when first asked for. */
  operator(): Promise<string>;
}

/** How to make one. */
export interface BenchOptions extends Pick<Bench, 'say' | 'signal' | 'scratch' | 'istiod'> {
  /** The shared folder, as it was passed. */
  readonly shared: string | undefined;
}

/** Nothing is prepared before a part needs it. */
export function createBench(options: BenchOptions): Bench {
  const { say, signal, scratch, istiod, shared } = options;
  let programs: Promise<SharedPrograms> | undefined;
  let operator: Promise<string> | undefined;
  return {
    say,
    signal,
    scratch,
    istiod,
    programs: () => (programs ??= findShared(shared, process.env, ROOT).then((folder) => prepareShared(folder, say))),
    operator: () => (operator ??= bundleOperator(join(scratch, 'image'))),
  };
}
