import { type Manifest, objectYaml } from '../manifest.ts';
import type { Fill, Hole } from './hole.ts';

type Node = Record<string | number, unknown>;

/** An object as a template: its YAML with the holes filled by expressions. Throws when a hole has no place in it. */
export function templateOf(manifest: Manifest, holes: readonly Hole[]): string {
  const copy = structuredClone(manifest) as Manifest & Node;
  const id = `${manifest.kind}/${manifest.metadata.name}`;
  const mine = holes.filter(({ object }) => object === '*' || object === id);
  mine.forEach(({ path, fill }, index) =>
    mark(copy, fill.kind === 'entries' ? [...path, markOf(index)] : path, index, id),
  );
  // What is not ours to fill must not be taken for a template.
  const lines = objectYaml(copy).replaceAll('{{', '{{ "{{" }}').split('\n');
  return lines.map((line) => filled(line, mine)).join('\n');
}

function mark(object: Node, path: readonly (string | number)[], index: number, id: string): void {
  let node: unknown = object;
  for (const step of path.slice(0, -1)) node = isNode(node) ? node[step] : undefined;
  const last = path.at(-1);
  if (!isNode(node) || last === undefined) throw new Error(`${id} has no ${path.join('.')}`);
  node[last] = markOf(index);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

const markOf = (index: number): string => `HOLE_${index}_`;

const MARKED = /^(?<start> *(?:- )?)(?:(?<field>[^:]+): )?HOLE_(?<index>\d+)_$/;

function filled(line: string, holes: readonly Hole[]): string {
  const { start = '', field = '', index } = MARKED.exec(line)?.groups ?? {};
  const hole = index === undefined ? undefined : holes[Number(index)];
  return hole === undefined ? line : fillText(hole.fill, start, field);
}

/** The text of a fill at its place. `start` is the indentation, with the dash where the line begins an item. */
function fillText(fill: Fill, start: string, field: string): string {
  const indent = ' '.repeat(start.length);
  const below = start.length + 2;
  switch (fill.kind) {
    case 'scalar':
      return `${start}${field}: {{ ${fill.expression} }}`;
    case 'block':
      return `${start}${field}:\n${indent}  {{- toYaml ${fill.expression} | nindent ${below} }}`;
    case 'optional':
      return placed(start, [
        `{{- with ${fill.expression} }}`,
        `${field}:`,
        `  {{- toYaml . | nindent ${below} }}`,
        '{{- end }}',
      ]);
    case 'entries':
    case 'lines':
      return placed(start, fill.lines);
  }
}

/** Lines at an indentation. Those that begin an item of a list cannot depend on anything: the dash would go, too. */
function placed(start: string, lines: readonly string[]): string {
  const [first = '', ...others] = lines;
  if (start.trim() !== '' && first.startsWith('{{')) throw new Error(`an item of a list cannot begin with ${first}`);
  const indent = ' '.repeat(start.length);
  return [`${start}${first}`, ...others.map((line) => `${indent}${line}`)].join('\n');
}
