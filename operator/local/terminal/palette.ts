/** Whether colours are written. */
export type Palette = 'ansi' | 'none';

/** How a piece of text looks. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Where text is written, as far as it matters here. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
}

/** Colours on a terminal, unless `NO_COLOR` (https://no-color.org) or `TERM=dumb` say otherwise; `FORCE_COLOR` wins. */
export function paletteFor(terminal: Terminal, environment: NodeJS.ProcessEnv): Palette {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return 'ansi';
  if ((NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb') return 'none';
  return terminal.isTTY === true ? 'ansi' : 'none';
}

/** Text in a style. */
export function paint(palette: Palette, style: Style | undefined, text: string): string {
  return palette === 'none' || style === undefined || text === '' ? text : `\u001B[${CODES[style]}m${text}\u001B[0m`;
}

/** Text of others without what a terminal would take as a command. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ');
}
