/** What is wrong with a file, and where. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `error`: the file is not taken. `warning`: it is. */
  readonly level: 'error' | 'warning';
  /** `DK1234`. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** `file:line:column`, which terminals and editors make a link of. */
export function formatPlace(problem: Pick<Problem, 'file' | 'line' | 'column'>): string {
  return `${problem.file}:${problem.line}:${problem.column}`;
}

/** Whether any of them keeps a file from being taken. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.level === 'error');
}
