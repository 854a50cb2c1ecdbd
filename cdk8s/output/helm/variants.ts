/** Something that a template depends on. */
export interface Dimension {
  /** The expression of a template that says which of the values it is. */
  readonly expression: string;
  /** The values that there are; of a boolean one, `true` and `false`. */
  readonly values: readonly (string | boolean)[];
}

/** A text for one value of each dimension, in their order; undefined where there is none. */
export interface Variant {
  readonly at: readonly (string | boolean)[];
  readonly text: string | undefined;
}

interface Line {
  readonly text: string;
  /** The variants that have it. */
  readonly of: Set<number>;
}

/**
 * One template of several texts: for each variant it renders to the text of that variant, as every line is there under the
 * condition that it is one of those that have it. There must be a variant for every combination of values.
 */
export function templateOfVariants(dimensions: readonly Dimension[], variants: readonly Variant[]): string {
  let lines: readonly Line[] = [];
  variants.forEach(({ text }, index) => {
    if (text !== undefined) lines = joined(lines, text.replace(/\n$/, '').split('\n'), index);
  });
  const everywhere = new Set(variants.keys());
  const blocks: { readonly of: ReadonlySet<number>; readonly lines: string[] }[] = [];
  for (const { text, of } of lines) {
    const last = blocks.at(-1);
    if (last !== undefined && isSame(last.of, of)) last.lines.push(text);
    else blocks.push({ of, lines: [text] });
  }
  const rendered = blocks.flatMap(({ of, lines }) => {
    if (isSame(of, everywhere)) return lines;
    const at = [...of].map((index) => variants[index]?.at ?? []);
    return [`{{- if ${conditionOf(dimensions, at)} }}`, ...lines, '{{- end }}'];
  });
  return `${rendered.join('\n')}\n`;
}

function isSame(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && a.isSubsetOf(b);
}

/** The lines with those of one more variant among them: what both have is there once. */
function joined(lines: readonly Line[], added: readonly string[], index: number): readonly Line[] {
  const shorter = Math.min(lines.length, added.length);
  let start = 0;
  while (start < shorter && lines[start]?.text === added[start]) start += 1;
  let end = 0;
  while (end < shorter - start && lines.at(-1 - end)?.text === added.at(-1 - end)) end += 1;
  const middle = merged(lines.slice(start, lines.length - end), added.slice(start, added.length - end), index);
  const same = [...lines.slice(0, start), ...lines.slice(lines.length - end)];
  for (const { of } of same) of.add(index);
  return [...same.slice(0, start), ...middle, ...same.slice(start)];
}

/** By the longest sequence of lines that both have. */
function merged(lines: readonly Line[], added: readonly string[], index: number): readonly Line[] {
  const common = commonCounts(lines, added);
  const result: Line[] = [];
  let [row, column] = [0, 0];
  while (row < lines.length || column < added.length) {
    const [line, text] = [lines[row], added[column]];
    if (line !== undefined && line.text === text) {
      line.of.add(index);
      result.push(line);
      row += 1;
      column += 1;
    } else if (line !== undefined && (text === undefined || common(row + 1, column) >= common(row, column + 1))) {
      result.push(line);
      row += 1;
    } else {
      result.push({ text: text ?? '', of: new Set([index]) });
      column += 1;
    }
  }
  return result;
}

/** How many lines both have in common, in order, from a place in each on. */
function commonCounts(lines: readonly Line[], added: readonly string[]): (row: number, column: number) => number {
  const width = added.length + 1;
  const counts = new Uint32Array((lines.length + 1) * width);
  const at = (row: number, column: number): number => counts[row * width + column] ?? 0;
  for (let row = lines.length - 1; row >= 0; row -= 1) {
    for (let column = added.length - 1; column >= 0; column -= 1) {
      const isCommon = lines[row]?.text === added[column];
      counts[row * width + column] = isCommon
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  return at;
}

/** When it is one of these. */
function conditionOf(dimensions: readonly Dimension[], places: readonly Variant['at'][]): string {
  const chosen = dimensions.map(({ values }, index) =>
    values.filter((value) => places.some((place) => place[index] === value)),
  );
  const isProduct = chosen.reduce((count, values) => count * values.length, 1) === places.length;
  if (!isProduct) return `or ${places.map((place) => `(${conditionOf(dimensions, [place])})`).join(' ')}`;
  const terms = dimensions.flatMap((dimension, index) => termOf(dimension, chosen[index] ?? []));
  return terms.length === 1 ? (terms[0] ?? '') : `and ${terms.map((term) => `(${term})`).join(' ')}`;
}

function termOf({ expression, values }: Dimension, chosen: readonly (string | boolean)[]): readonly string[] {
  if (chosen.length === values.length) return [];
  const [only] = chosen;
  if (only === true) return [expression];
  if (only === false) return [`not ${expression}`];
  if (chosen.length === 1) return [`eq ${expression} ${JSON.stringify(only)}`];
  return [`has ${expression} (list ${chosen.map((value) => JSON.stringify(value)).join(' ')})`];
}

/** Every combination of values of the dimensions. */
export function combinationsOf(dimensions: readonly Dimension[]): readonly Variant['at'][] {
  return dimensions.reduce<readonly Variant['at'][]>(
    (places, { values }) => places.flatMap((place) => values.map((value) => [...place, value])),
    [[]],
  );
}
