import { parseArgs, type ParseArgsConfig } from 'node:util';
import { didYouMean, nearest } from '../validation/suggestion.ts';
import { type Command, type CommandIo, EXIT, type FlagValue, UsageError } from './command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { commandHelp, generalHelp } from './help.ts';

/** Runs what the words after `dotkube` say. Answers the exit code; problems are told on standard error. */
export async function runCommand(words: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined) {
    io.stderr.write(generalHelp());
    return EXIT.usage;
  }
  if (name === '--help' || name === '-h' || name === 'help') return await help(rest, io);
  const entry = entryOf(name === '--version' ? 'version' : name);
  if (entry === undefined) return unknown(name, io);
  return await run(entry, rest, io);
}

async function run(entry: CommandEntry, words: readonly string[], io: CommandIo): Promise<number> {
  const command = await entry.load();
  try {
    const { positionals, values } = parse(command, words);
    if (values['help'] === true) {
      io.stdout.write(commandHelp(entry, command));
      return EXIT.ok;
    }
    return await command.run({ arguments: positionals, flags: values }, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`dotkube ${entry.name}: ${error.message}\nusage: dotkube ${entry.name} ${command.usage}\n`);
    return EXIT.usage;
  }
}

function parse(command: Command, words: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { help: _help, value: _value, ...option }] of Object.entries(command.flags)) options[name] = option;
  try {
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
    return { positionals, values: values as Readonly<Record<string, FlagValue>> };
  } catch (cause) {
    const [flag] = /'(?:-\w, )?--?[\w-]+/.exec(String(cause)) ?? [];
    const given = flag?.replaceAll(/['-]+/g, '') ?? '';
    const known = Object.keys(options);
    const hint = known.includes(given) ? '' : didYouMean(nearest(given, known));
    throw new UsageError(`${cause instanceof Error ? firstSentence(cause.message) : String(cause)}${hint}`, { cause });
  }
}

async function help([name]: readonly string[], io: CommandIo): Promise<number> {
  if (name === undefined) {
    io.stdout.write(generalHelp());
    return EXIT.ok;
  }
  const entry = entryOf(name);
  if (entry === undefined) return unknown(name, io);
  io.stdout.write(commandHelp(entry, await entry.load()));
  return EXIT.ok;
}

function unknown(name: string, io: CommandIo): number {
  const hint = didYouMean(
    nearest(
      name,
      COMMANDS.filter(({ hidden }) => hidden !== true).map((entry) => entry.name),
    ),
  );
  io.stderr.write(`dotkube: there is no command ${name}${hint}\nSee dotkube --help.\n`);
  return EXIT.usage;
}

function entryOf(name: string): CommandEntry | undefined {
  return COMMANDS.find((entry) => entry.name === name);
}

function firstSentence(text: string): string {
  return text.split(/\.\s/)[0] ?? text;
}
