import { choiceFlag, type CommandCall, type CommandIo } from '../command.ts';
import { type Palette, paletteFor } from '../../local/terminal/palette.ts';

/** Prints a report as `--output` says: as people read it, or as it is. */
export async function print<T>(
  call: CommandCall,
  io: CommandIo,
  report: T,
  text: (report: T, palette: Palette) => string,
): Promise<void> {
  const format = choiceFlag(call, 'output', ['table', 'json', 'yaml']);
  if (format === 'json') io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (format === 'yaml')
    io.stdout.write((await import('yaml')).stringify(report, { aliasDuplicateObjects: false }));
  else io.stdout.write(text(report, paletteFor(io.stdout, io.environment)));
}
