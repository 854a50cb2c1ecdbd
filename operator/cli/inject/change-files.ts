import type { Finding } from '../../findings/index.ts';
import { jsonEqual } from '../../framework/api/json.ts';
import { paint, type Palette, printable } from '../../local/terminal/palette.ts';
import {
  type LocatedFinding,
  locatedFinding,
  type Manifest,
  parseManifests,
  validateYaml,
} from '../../validation/index.ts';
import type { PodShape } from '../../webhooks/injection/pod-shape.ts';
import type { Source } from '../validate/sources.ts';
import { findingLines } from '../validate/validation.ts';
import { ManifestFile } from './manifest-file.ts';
import { type Workload, workloadOf } from './workloads.ts';

/** What becomes of a workload, in words for people. */
export type Outcome =
  | { readonly kind: 'changed'; readonly pod: PodShape; readonly words: string }
  | { readonly kind: 'left'; readonly words: string }
  /** Fields of findings are those of the pod. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** What came of files. */
export interface ChangedFiles {
  /** The texts with all changes, for standard output; undefined when something was wrong anywhere. */
  readonly text: string | undefined;
  /** A line for each workload, and for what is wrong. */
  readonly lines: readonly string[];
}

/** Changes the pods of all workloads in the sources, and leaves all else as it is written. */
export function changeFiles(
  sources: readonly Source[],
  change: (workload: Workload) => Outcome,
  palette: Palette,
): ChangedFiles {
  const results = sources.map((source) => changeFile(source, change, palette));
  const isWrong = results.some(({ text }) => text === undefined);
  return {
    text: isWrong ? undefined : joined(results.map(({ text }) => text ?? '')),
    lines: results.flatMap(({ lines }) => lines),
  };
}

function changeFile({ name, text }: Source, change: (workload: Workload) => Outcome, palette: Palette): ChangedFiles {
  const unreadable = validateYaml(text, name).findings.filter(({ code }) => code === 'DK1000');
  if (unreadable.length > 0) {
    return { text: undefined, lines: unreadable.flatMap((found) => findingLines(found, palette)) };
  }
  const { manifests } = parseManifests(text);
  const file = new ManifestFile(text);
  const lines: string[] = [];
  let isRefused = false;
  for (const [at, each] of file.objects.entries()) {
    const workload = workloadOf(each.object);
    const manifest = manifests[at];
    if (workload === undefined || manifest === undefined) continue;
    const outcome = change(workload);
    if (outcome.kind === 'refused') {
      isRefused = true;
      const located = outcome.findings.map((found) => inWorkload(found, workload, manifest, name));
      lines.push(...located.flatMap((found) => findingLines(found, palette)));
      continue;
    }
    lines.push(line(workload, outcome, palette));
    if (outcome.kind === 'changed' && !jsonEqual(outcome.pod, workload.pod)) {
      file.replace(each, workload.path, outcome.pod);
    }
  }
  return { text: isRefused ? undefined : file.toString(), lines };
}

function inWorkload(found: Finding, { path }: Workload, manifest: Manifest, file: string): LocatedFinding {
  const field = [...path, ...(found.field === undefined ? [] : [found.field])].join('.');
  return locatedFinding({ ...found, field }, manifest, file);
}

function line(
  { kind, name, namespace }: Workload,
  outcome: Exclude<Outcome, { kind: 'refused' }>,
  palette: Palette,
): string {
  const object = printable(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`);
  return `${object}: ${paint(palette, outcome.kind === 'changed' ? 'green' : 'yellow', outcome.words)}`;
}

/** Files one after the other, as documents of one stream. */
function joined(texts: readonly string[]): string {
  const [first = '', ...rest] = texts.filter((text) => text.trim() !== '');
  return rest.reduce((all, text) => {
    const before = all.endsWith('\n') ? all : `${all}\n`;
    return `${before}${/^---(\s|$)/.test(text) ? '' : '---\n'}${text}`;
  }, first);
}
