import { type Document, parseAllDocuments } from 'yaml';
import { fieldOf, isJsonObject, type JsonObject } from '../../framework/api/json.ts';
import { jsonPatch } from '../../framework/webhook/index.ts';
import { jsonOf } from '../../validation/yaml/to-json.ts';
import { editDocument } from './edit-document.ts';

/** An object of a file, in the order in which `parseManifests` has them; and where it is, as it may be in a List. */
export interface FileObject {
  readonly document: number;
  readonly base: readonly (string | number)[];
  readonly object: JsonObject;
}

/** A file whose objects can be changed, and that keeps what is not changed as it is written. Its text is one that `parseManifests` finds nothing wrong with. */
export class ManifestFile {
  readonly objects: readonly FileObject[];
  readonly #text: string;
  readonly #documents: readonly Document.Parsed[];
  readonly #changed = new Set<number>();

  constructor(text: string) {
    this.#text = text;
    const documents = parseAllDocuments(text, { schema: 'failsafe', keepSourceTokens: false });
    this.#documents = Array.isArray(documents) ? documents : [];
    this.objects = this.#documents.flatMap((document, index) => objectsIn(jsonOf(document), index, []));
  }

  /** Puts another value where a part of an object is. */
  replace({ base, document, object }: FileObject, path: readonly string[], value: unknown): void {
    const patch = jsonPatch(path.reduce<unknown>(fieldOf, object), value);
    const target = this.#documents[document];
    if (patch.length === 0 || target === undefined) return;
    this.#changed.add(document);
    editDocument(target, patch, [...base, ...path]);
  }

  /** The text with the changes: JSON if it was JSON, else YAML. */
  toString(): string {
    if (this.#changed.size === 0) return this.#text;
    if (this.#documents.length === 1 && isJson(this.#text)) {
      return `${JSON.stringify(this.#documents.map(jsonOf)[0], null, 2)}\n`;
    }
    let start = 0;
    const texts = this.#documents.map((document, index) => {
      const end = document.range[2];
      const text = this.#changed.has(index) ? this.#print(document) : this.#text.slice(start, end);
      start = end;
      return text;
    });
    return `${texts.join('')}${this.#text.slice(start)}`;
  }

  #print(document: Document.Parsed): string {
    const text = document.toString({
      lineWidth: 0,
      indentSeq: !/^(?<indent> *)[^\s#-][^\n]*:[ ]*(?:#[^\n]*)?\n\k<indent>- /m.test(this.#text),
      flowCollectionPadding: /\{ /.test(this.#text),
    });
    return text.endsWith('\n') ? text : `${text}\n`;
  }
}

function objectsIn(value: unknown, document: number, base: readonly (string | number)[]): readonly FileObject[] {
  if (!isJsonObject(value)) return [];
  const items = fieldOf(value, 'items');
  if (!Array.isArray(items) || !String(fieldOf(value, 'kind')).endsWith('List')) {
    return [{ document, base, object: value }];
  }
  return items.flatMap((item, at) => objectsIn(item, document, [...base, 'items', at]));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
