import { paint, type Palette, printable, type Style } from './palette.ts';

/** One column. */
export interface Column {
  readonly title: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
}

/** One cell. */
export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** The cells of a line, one for each column. */
export type Row = readonly Cell[];

const GAP = '  ';

/** Lines of a table: as wide as its widest cells, cut at the width of the terminal (default: not at all). Empty columns are left out. */
export function table(
  columns: readonly Column[],
  rows: readonly Row[],
  options: { readonly palette: Palette; readonly width?: number },
): readonly string[] {
  const { palette, width = Number.POSITIVE_INFINITY } = options;
  const cells = rows.map((row) => row.map(({ text, style }) => ({ text: printable(text), style })));
  const widths = columns.map(({ title }, index) => {
    const longest = Math.max(0, ...cells.map((row) => row[index]?.text.length ?? 0));
    return longest === 0 && rows.length > 0 ? 0 : Math.max(longest, title.length);
  });
  const header: Row = columns.map(({ title }) => ({ text: title, style: 'bold' }));
  return [header, ...cells].map((row) => lineOf(row, columns, widths, palette, width));
}

function lineOf(
  row: Row,
  columns: readonly Column[],
  widths: readonly number[],
  palette: Palette,
  width: number,
): string {
  let line = '';
  let used = 0;
  for (const [index, column] of columns.entries()) {
    const cell = row[index] ?? { text: '' };
    const columnWidth = widths[index] ?? 0;
    if (columnWidth === 0) continue;
    const gap = used === 0 ? '' : GAP;
    const last = widths.slice(index + 1).every((later) => later === 0);
    const padded =
      column.align === 'right' ? cell.text.padStart(columnWidth) : last ? cell.text : cell.text.padEnd(columnWidth);
    const room = width - used - gap.length;
    if (room <= 0) break;
    const shown = padded.length > room ? `${padded.slice(0, Math.max(0, room - 1))}…` : padded;
    line += gap + paint(palette, cell.style, shown);
    used += gap.length + shown.length;
  }
  return line.trimEnd();
}
