import { parseSpiffeId } from '@dot-kube/proxy/model';
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
  { title: 'MTLS IDENTITY' },
  { title: 'DENIED', align: 'right' },
  { title: 'BY POLICY' },
];

/** The picture of the traffic: one line for each caller and version called. */
export function trafficTable(rows: readonly TrafficRow[], { palette, width }: TrafficTableOptions): readonly string[] {
  const lines = table(COLUMNS, rows.map(rowOf), { width, palette });
  return rows.length === 0 ? [...lines, paint(palette, 'dim', 'no requests yet')] : lines;
}

function rowOf(row: TrafficRow): Row {
  const silent = row.requests === 0 && row.connections === 0;
  const cells: Row = [
    { text: row.source },
    { text: row.destination },
    { text: row.version },
    { text: rateOf(row) },
    successOf(row),
    { text: row.requests === 0 ? '-' : duration(row.p50) },
    { text: row.requests === 0 ? '-' : duration(row.p99) },
    identityOf(row),
    { text: row.denials === 0 ? '' : `${row.denials}`, style: 'red' },
    deniedOf(row),
  ];
  return silent ? cells.map(({ text }) => ({ text, style: 'dim' })) : cells;
}

/** Requests a second; of TCP how many connections are open. */
function rateOf({ connections, requests, requestsPerSecond }: TrafficRow): string {
  if (connections > 0) return `${connections} open`;
  return requests === 0 ? '-' : requestsPerSecond.toFixed(1);
}

/** The caller as its certificate says: `namespace/service account` of the mesh's own identities. */
function identityOf({ identity }: TrafficRow): Cell {
  if (identity === 'plaintext') return { text: identity, style: 'yellow' };
  const parsed = parseSpiffeId(identity);
  return { text: parsed === undefined ? identity : `${parsed.namespace}/${parsed.serviceAccount}`, style: 'cyan' };
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
