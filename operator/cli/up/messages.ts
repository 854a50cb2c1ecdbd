import type { FolderReport } from '../../local/folder/folder-source.ts';
import type { ProgrammedEvent } from '../../local/programming-watch.ts';
import { isProgrammed } from '../../local/status/status-report.ts';
import { paint, type Palette, printable } from '../../local/terminal/palette.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { findingLines } from '../validate/validation.ts';

/** Of more objects only the number is told. */
const SHOWN_OBJECTS = 5;

/** What a reading of the folder led to. `first`: nothing was there before. */
export function folderLines(report: FolderReport, palette: Palette, first: boolean): readonly string[] {
  const { applied, findings, refused, removed } = report;
  const changes = first
    ? []
    : [...named(applied, paint(palette, 'cyan', 'saved')), ...named(removed, paint(palette, 'cyan', 'removed'))];
  const wrong = findings.flatMap((found) => findingLines(found, palette));
  const kept = findings.some(({ level }) => level === 'error')
    ? [paint(palette, 'yellow', 'a file with an error stays in force as it was')]
    : [];
  return [...changes, ...wrong, ...kept, ...refused.map((text) => paint(palette, 'red', printable(text)))];
}

/** An object has come into force, or is not to. */
export function programmedLines({ afterMs, status }: ProgrammedEvent, palette: Palette): readonly string[] {
  const { conditions, kind, name, namespace, proxies } = status;
  const object = `${kind} ${namespace}/${name}`;
  if (isProgrammed(status)) {
    const count =
      proxies === undefined || proxies.total === 0
        ? 'no proxy uses it'
        : `on ${proxies.programmed} of ${proxies.total} proxies`;
    return [`${paint(palette, 'green', 'in force')} ${object}: ${count}, after ${Math.round(afterMs)} ms`];
  }
  return conditions
    .filter((condition) => condition.status === 'False')
    .map(
      ({ message, reason, type }) =>
        `${paint(palette, 'red', `not ${type}`)} ${object}: ${reason}: ${printable(message)}`,
    )
    .slice(0, 1);
}

function named(objects: readonly KubernetesObject[], verb: string): readonly string[] {
  const shown = objects.slice(0, SHOWN_OBJECTS).map(({ kind, metadata }) => {
    const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
    return `${verb} ${kind} ${name}`;
  });
  const more = objects.length - shown.length;
  return more > 0 ? [...shown, `${verb} ${more} more`] : shown;
}
