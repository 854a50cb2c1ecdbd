import { paint, type Palette } from '../terminal/palette.ts';
import { type Cell, type Column, type Row, table } from '../terminal/table.ts';
import type { TrafficRow } from './traffic-window.ts';

/** How to draw. */
export interface TrafficTableOptions {
  readonly palette: Palette;
  /** Columns of the terminal. */
  readonly width: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'SOURCE' },
  { title: 'DESTINATION' },
  { title: 'VERSION' },
  { title: 'REQ/S', align: 'right' },
  { title: 'SUCCESS', align: 'right' },
  { title: 'P50', align: 'right' },
  { title: 'P99', align: 'right' },
  { title: 'CALLER, BY MTLS' },
  { title: 'DENIED BY' },
];

/** The picture of the traffic: one line for each caller and version called. */
export function trafficTable(rows: readonly TrafficRow[], { palette, width }: TrafficTableOptions): readonly string[] {
  const lines = table(COLUMNS, rows.map(rowOf), { width, palette });
  return rows.length === 0 ? [...lines, paint(palette, 'dim', 'no requests yet')] : lines;
}

function rowOf(row: TrafficRow): Row {
  const silent = row.requests === 0;
  const cells: Row = [
    { text: row.source },
    { text: row.destination },
    { text: row.version },
    { text: silent ? '-' : row.requestsPerSecond.toFixed(1) },
    successOf(row),
    { text: silent ? '-' : duration(row.p50) },
    { text: silent ? '-' : duration(row.p99) },
    identityOf(row),
    deniedOf(row),
  ];
  return silent ? cells.map(({ text }) => ({ text, style: 'dim' })) : cells;
}

function identityOf({ identity }: TrafficRow): Cell {
  return identity === 'plaintext' ? { text: identity, style: 'yellow' } : { text: identity, style: 'cyan' };
}

function deniedOf({ denied, wouldDeny }: TrafficRow): Cell {
  if (denied !== '') return { text: denied, style: 'red' };
  return wouldDeny === '' ? { text: '' } : { text: `(dry run) ${wouldDeny}`, style: 'yellow' };
}

function successOf({ success }: TrafficRow): Cell {
  if (success === undefined) return { text: '-' };
  const percent = success * 100;
  const style = percent === 100 ? 'green' : percent >= 99 ? 'yellow' : 'red';
  return { text: `${percent.toFixed(percent === 100 || percent < 10 ? 0 : 1)} %`, style };
}

/** Milliseconds as a person reads them. */
function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
