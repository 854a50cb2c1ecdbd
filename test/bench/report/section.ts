import type { PartResult } from '../rig/part.ts';
import { type Figure, isMet } from './figure.ts';
import { markdownTable, tableRows } from './table.ts';

/** A section that is a table of figures, with words before and after it. Pure. */
export function figuresResult(
  id: string,
  title: string,
  figures: readonly Figure[],
  data: unknown,
  words: { readonly before?: string; readonly after?: string } = {},
): PartResult {
  const body = [words.before, markdownTable(tableRows(figures)), words.after].filter((each) => each !== undefined);
  const missed = figures.filter((figure) => isMet(figure) === false).map(({ name }) => `${title}: ${name}`);
  return { sections: [{ id, title, body: body.join('\n\n') }], data: { figures, raw: data }, missed };
}

/** Several results as one. Pure. */
export function merged(results: readonly PartResult[]): PartResult {
  return {
    sections: results.flatMap(({ sections }) => sections),
    data: results.map(({ data }) => data),
    missed: results.flatMap(({ missed }) => missed),
  };
}
