import type { ParseArgsOptionsConfig } from 'node:util';

/** What a command talks to. */
export interface CommandIo {
  readonly stdout: CommandStream;
  readonly stderr: CommandStream;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
  /** All of standard input. */
  readonly readStdin: () => Promise<string>;
  /** Aborts when the user, or the system, wants the command to end. */
  readonly signal: AbortSignal;
}

/** `process.stdout` is one. */
export interface CommandStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The exit codes of all commands. */
export const EXIT = {
  ok: 0,
  /** The command did its work and found something, or failed at it. */
  failed: 1,
  /** It was called wrongly. */
  usage: 2,
} as const;

/** One command of `dotkube`. */
export interface Command {
  /** After the command's name: `DIR [flags]`. */
  readonly usage: string;
  /** What it does, in a few lines; examples. */
  readonly description: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Answers the exit code. Throws {@link UsageError} when it was called wrongly. */
  readonly run: (call: CommandCall, io: CommandIo) => Promise<number>;
}

/** A flag: what `node:util.parseArgs` needs, and what people need. */
export type Flag = ParseArgsOptionsConfig[string] & {
  readonly help: string;
  /** What stands for the value: `DIR`. */
  readonly value?: string;
};

/** How a command was called. */
export interface CommandCall {
  readonly arguments: readonly string[];
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** What a flag was given; all of it where it is repeatable. */
export type FlagValue = string | boolean | readonly string[] | undefined;

/** A command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The value of a flag that takes text. */
export function textFlag(call: CommandCall, name: string): string | undefined {
  const value = call.flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** All values of a flag that may be repeated. */
export function textFlags(call: CommandCall, name: string): readonly string[] {
  const value = call.flags[name];
  return typeof value === 'object' ? value : [];
}

/** A flag that takes a time: `90s`, `5m`, or a number of seconds. Milliseconds. Throws {@link UsageError} for anything else. */
export function durationFlag(call: CommandCall, name: string, milliseconds: number): number {
  const value = textFlag(call, name);
  if (value === undefined) return milliseconds;
  const [, number = '', unit = 's'] = /^(\d{1,6})(s|m|h)?$/.exec(value) ?? [];
  if (number === '') throw new UsageError(`--${name} is a time such as 90s or 5m, not ${value}`);
  return Number(number) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

/** One of a few values. Throws {@link UsageError} for another. */
export function choiceFlag<const T extends string>(call: CommandCall, name: string, choices: readonly T[]): T {
  const value = textFlag(call, name);
  const choice = choices.find((each) => each === (value ?? choices[0]));
  if (choice === undefined) throw new UsageError(`--${name} is one of ${choices.join(', ')}, not ${value}`);
  return choice;
}
