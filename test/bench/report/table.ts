import { type Figure, type Goal, isMet, type Measured, type Unit } from './figure.ts';

const HEADS = ['', 'dot-kube', 'istiod', 'istiod ÷ ours', 'goal', 'met', 'dot-kube, lazy'] as const;

/** The figures as cells; columns in which nothing stands are left out. */
export function tableRows(figures: readonly Figure[]): readonly (readonly string[])[] {
  const rows = [HEADS, ...figures.map(cellsOf)];
  const used = HEADS.map((_, column) => column < 2 || rows.slice(1).some((row) => row[column] !== ''));
  return rows.map((row) => row.filter((_, column) => used[column]));
}

/** A table of Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body.map(line)].join('\n');
}

/** A table for a terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(figure: Figure): readonly string[] {
  const { name, ours, istiod, lazy, goal } = figure;
  const met = isMet(figure);
  return [
    name,
    ours === undefined ? 'not measured' : formatMeasured(ours),
    istiod === undefined ? '' : formatMeasured(istiod),
    ours === undefined || istiod === undefined || ours.value === 0 ? '' : formatRatio(istiod, ours),
    goal === undefined ? '' : formatGoal(goal, ours?.unit ?? 'count'),
    met === undefined ? '' : met ? 'yes' : '**no**',
    lazy === undefined ? '' : formatMeasured(lazy),
  ];
}

/** A value with its unit, and the range of several runs. */
export function formatMeasured({ value, unit, range, orMore }: Measured): string {
  const text = `${orMore === true ? '≥ ' : ''}${withUnit(value, unit)}`;
  if (range === undefined || formatNumber(range[0]) === formatNumber(range[1])) return text;
  return `${text} (${formatNumber(range[0])} to ${formatNumber(range[1])})`;
}

function formatRatio(istiod: Measured, ours: Measured): string {
  return `${istiod.orMore === true ? '≥ ' : ''}${formatNumber(istiod.value / ours.value)}`;
}

function formatGoal(goal: Goal, unit: Unit): string {
  return goal.kind === 'limit' ? `≤ ${withUnit(goal.most, unit)}` : `≥ ${goal.divisor}`;
}

function withUnit(value: number, unit: Unit): string {
  if (unit === 'exponent') return value.toFixed(2);
  return `${formatNumber(value)}${unit === 'count' ? '' : ` ${unit}`}`;
}

/** Three significant digits, thousands apart. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(?:\d{3})+(?!\d))(?<!\.\d*)/g, ',');
}
