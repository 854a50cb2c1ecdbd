import type { FindingArguments, FindingCode } from '../findings/index.ts';
import type { FieldStep } from './field-path.ts';

/** A finding without its object: what a check of one object yields. */
export interface Problem<Code extends FindingCode = FindingCode> {
  readonly code: Code;
  readonly path: readonly FieldStep[];
  readonly args: FindingArguments<Code>;
}

/** Makes a problem; the arguments are those of its code. */
export function problem<Code extends FindingCode>(
  code: Code,
  path: readonly FieldStep[],
  args: FindingArguments<Code>,
): Problem {
  // The union of all codes cannot tell that code and arguments belong together.
  return { code, path, args } as unknown as Problem;
}
