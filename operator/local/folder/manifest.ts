import { LineCounter, parseAllDocuments } from 'yaml';
import { fieldOf, isJsonObject } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';

/** An object of a file and where it begins. */
export interface ManifestObject {
  readonly object: KubernetesObject;
  readonly line: number;
  readonly column: number;
}

/**
 * The objects of a YAML text: several documents, and the items of a `List`. What is no object of Kubernetes is left out:
 * the validator, which sees the same text, says so.
 */
export function readManifest(text: string): readonly ManifestObject[] {
  const lineCounter = new LineCounter();
  const found: ManifestObject[] = [];
  for (const document of parseAllDocuments(text, { lineCounter })) {
    if ('empty' in document || document.errors.length > 0) continue;
    const { line, col } = lineCounter.linePos(document.contents?.range[0] ?? document.range[0]);
    // Anchors of a hostile file may not be expanded without end.
    for (const object of objectsOf(document.toJS({ maxAliasCount: 100 }))) found.push({ object, line, column: col });
  }
  return found;
}

function objectsOf(value: unknown): readonly KubernetesObject[] {
  const [kind, items] = [fieldOf(value, 'kind'), fieldOf(value, 'items')];
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) return items.flatMap(objectsOf);
  return isObject(value) ? [value] : [];
}

function isObject(value: unknown): value is KubernetesObject {
  const metadata = fieldOf(value, 'metadata');
  return (
    isJsonObject(metadata) &&
    typeof fieldOf(value, 'apiVersion') === 'string' &&
    typeof fieldOf(value, 'kind') === 'string' &&
    typeof fieldOf(metadata, 'name') === 'string'
  );
}
