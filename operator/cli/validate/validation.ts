import { formatPlace } from '../../local/folder/file-version.ts';
import { paint, type Palette, printable } from '../../local/terminal/palette.ts';
import { type LocatedFinding, validateYaml } from '../../validation/index.ts';
import type { Source } from './sources.ts';

/** What came of a validation. */
export interface Validation {
  readonly files: number;
  /** Objects of ours that were checked, and others that were not. */
  readonly checked: number;
  readonly skipped: number;
  readonly findings: readonly LocatedFinding[];
}

/** Validates texts. */
export function validateSources(sources: readonly Source[]): Validation {
  const results = sources.map(({ name, text }) => validateYaml(text, name));
  return {
    files: sources.length,
    checked: results.reduce((sum, { checked }) => sum + checked, 0),
    skipped: results.reduce((sum, { skipped }) => sum + skipped, 0),
    findings: results.flatMap(({ findings }) => findings),
  };
}

/** A line for each finding and its fix, and one that sums up. */
export function validationText({ checked, files, findings, skipped }: Validation, palette: Palette): string {
  const lines = findings.flatMap((found) => findingLines(found, palette));
  const errors = findings.length;
  const verdict =
    errors === 0 ? paint(palette, 'green', 'all is well') : paint(palette, 'red', plural(errors, 'problem'));
  const rest = skipped === 0 ? '' : `; ${plural(skipped, 'object')} of other kinds skipped`;
  return `${[...lines, `${plural(checked, 'object')} in ${plural(files, 'file')}: ${verdict}${rest}`].join('\n')}\n`;
}

/** The lines that tell of one finding: place, level and code, object and field; then what to do. */
export function findingLines(found: LocatedFinding, palette: Palette): readonly string[] {
  const { code, field, fix, level, message, object } = found;
  const name = object.name === '' ? '' : ` ${object.kind} ${object.name}`;
  const where = field === undefined || field === '' ? '' : ` ${field}`;
  const style = level === 'error' ? 'red' : 'yellow';
  return [
    `${paint(palette, 'bold', formatPlace(found))}: ${paint(palette, style, `${level} ${code}`)}${printable(`${name}${where}: ${message}`)}`,
    `    ${paint(palette, 'dim', `fix: ${printable(fix)}`)}`,
  ];
}

/** The same for machines. */
export function validationJson({ checked, files, findings, skipped }: Validation): string {
  const shown = findings.map(({ code, column, field, file, fix, level, line, message, object }) => ({
    file,
    line,
    column,
    level,
    code,
    object,
    ...(field === undefined ? {} : { field }),
    message,
    fix,
  }));
  return `${JSON.stringify({ files, checked, skipped, findings: shown }, null, 2)}\n`;
}

/** `1 object`, `2 objects`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
