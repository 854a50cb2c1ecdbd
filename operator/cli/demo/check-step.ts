import type { DemoMesh } from './demo-mesh.ts';

/** One thing that the demo shows. */
export interface CheckStep {
  readonly name: string;
  /** Answers what was seen, in a few words. Throws {@link CheckFailedError} with what was not. */
  readonly run: (mesh: DemoMesh) => Promise<string>;
}

/** Something was not as it should be; the message says what. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';
}

/** Throws {@link CheckFailedError} unless it holds. */
export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new CheckFailedError(otherwise);
}
