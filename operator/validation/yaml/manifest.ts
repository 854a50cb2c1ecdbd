import { type Document, LineCounter, parseAllDocuments } from 'yaml';
import { fieldOf, isJsonObject, type JsonObject } from '../../framework/api/json.ts';
import { type FieldStep, fieldSteps } from '../field-path.ts';
import { offsetOfField } from './locate.ts';
import { jsonOf, offsetOf, YamlError } from './to-json.ts';

/** A place in a file, both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** An object in a YAML file. */
export interface Manifest {
  readonly object: JsonObject;
  /** Where a field of the object is (`spec.service`), or the nearest thing around it that is there. Of a field: its value, or its key. */
  readonly positionOf: (field?: string, of?: 'key' | 'value') => Position;
}

/** A text that cannot be read as YAML, or holds something that is no object. */
export interface ManifestError extends Position {
  readonly message: string;
}

/** What is in a YAML file. */
export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly errors: readonly ManifestError[];
}

/**
 * Reads the objects of a YAML (or JSON) text as kubectl does: several documents, empty ones skipped, Lists taken apart,
 * YAML 1.1 scalars. Keys that are twice in a map are an error, where kubectl would silently take the last.
 */
export function parseManifests(text: string): Manifests {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const manifests: Manifest[] = [];
  const errors: ManifestError[] = [];
  if (!Array.isArray(documents)) return { manifests, errors };
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const document of documents) {
    const read = readDocument(document);
    if (read.kind === 'error') errors.push({ ...positionAt(read.offset), message: read.message });
    else manifests.push(...manifestsIn(document, read.value, [], positionAt));
  }
  return { manifests, errors };
}

type Read =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string; readonly offset: number };

function readDocument(document: Document.Parsed): Read {
  const [error] = document.errors;
  if (error !== undefined) return { kind: 'error', message: error.message, offset: error.pos[0] };
  try {
    const value = jsonOf(document);
    if (value === null || isJsonObject(value)) return { kind: 'value', value };
    return { kind: 'error', message: 'a document has to be an object', offset: offsetOf(document.contents) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { kind: 'error', message: error.message, offset: error.offset };
  }
}

function manifestsIn(
  document: Document.Parsed,
  value: unknown,
  base: readonly FieldStep[],
  positionAt: (offset: number) => Position,
): readonly Manifest[] {
  if (!isJsonObject(value)) return [];
  const items = fieldOf(value, 'items');
  if (Array.isArray(items) && String(fieldOf(value, 'kind')).endsWith('List')) {
    return items.flatMap((item, at) => manifestsIn(document, item, [...base, 'items', at], positionAt));
  }
  const positionOf = (field = '', of: 'key' | 'value' = 'value') =>
    positionAt(offsetOfField(document, [...base, ...fieldSteps(field)], of));
  return [{ object: value, positionOf }];
}
