import type { Section } from '../report/results-file.ts';
import type { Bench } from './bench.ts';

/** What a part has to say when it is over. */
export interface PartResult {
  /** The sections that the part writes into RESULTS.md. */
  readonly sections: readonly Section[];
  /** For the JSON. */
  readonly data: unknown;
  /** The names of the goals that were missed. */
  readonly missed: readonly string[];
}

/** A part of the bench. */
export type Part = (bench: Bench) => Promise<PartResult>;
