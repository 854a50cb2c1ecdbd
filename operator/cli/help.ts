import type { Command } from './command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';

/** What `dotkube --help` prints. */
export function generalHelp(): string {
  const shown = COMMANDS.filter(({ hidden }) => hidden !== true);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'dotkube: a service mesh whose status is the truth',
    '',
    'usage: dotkube COMMAND [flags]',
    '',
    ...lines,
    '',
    'dotkube COMMAND --help tells more of a command.',
    '',
  ].join('\n');
}

/** What `dotkube COMMAND --help` prints. */
export function commandHelp({ name, summary }: CommandEntry, { description, flags, usage }: Command): string {
  const all: Command['flags'] = { ...flags, help: { type: 'boolean', short: 'h', help: 'print this' } };
  const rows = Object.entries(all).map(([flag, { help, short, value }]) => {
    const long = `--${flag}${value === undefined ? '' : ` ${value}`}`;
    return [`${short === undefined ? '   ' : `-${short},`} ${long}`, help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `dotkube ${name}: ${summary}`,
    '',
    `usage: dotkube ${name} ${usage}`,
    '',
    description,
    '',
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    '',
  ].join('\n');
}
