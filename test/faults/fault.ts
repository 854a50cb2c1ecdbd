/** How much of it: a few seconds in `npm test`, what `npm run test:faults` runs, or as long as the catalogue of faults asks for. */
export type FaultSize = 'short' | 'standard' | 'full';

/** Something that goes wrong, or that somebody tries, and what must be seen of it. */
export interface Fault {
  /** `F1`, `V7`. */
  readonly id: string;
  /** One line, what happens: "The control plane is killed for 60 s". */
  readonly title: string;
  /** One line for the table: "0 failed; first calls fail within 2 s with a reason". */
  readonly expected: string;
  /** Whether it has a short form of a few seconds, which `npm test` runs. */
  readonly isShort: boolean;
  /** Bugs with which it must fail. Attacks have at least one. */
  readonly controls?: readonly Plant[];
  /** Throws when it could not be tried; what was seen is in the checks. */
  run(context: FaultContext): Promise<readonly Check[]>;
}

/** What a run of a fault is given. */
export interface FaultContext {
  readonly size: FaultSize;
  /** Aborts when its time is over. */
  readonly signal: AbortSignal;
  /** A folder of its own, which is removed after it. */
  readonly scratch: string;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
}

/** One thing that was looked at. */
export interface Check {
  /** "requests while it is away". */
  readonly name: string;
  /** "0 failed". */
  readonly expected: string;
  /** "0 of 18,000 failed (< 0.017 %)": `failuresOf` and `countsOf` of the harness print N and the bound 3/N. */
  readonly measured: string;
  readonly passed: boolean;
}

/** A bug that is planted in a copy of the tree, in which the fault must then fail: what finds nothing there would find nothing anywhere. */
export interface Plant {
  /** "the path is not normalised". */
  readonly title: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Text that occurs in it exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The name of the check that must turn red. */
  readonly fails: string;
}
