/** What a run of `node --test` came to. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each failed test: its file and its name. */
  readonly failures: readonly string[];
}
