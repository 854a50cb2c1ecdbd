import type { StructuralSchema } from '../structural-schema.ts';
import { FRAMEWORK_TYPES, SHARED_TYPES, typeNameAt } from './type-names.ts';

/** First line of every generated file. */
export const GENERATED = '// Generated from crds/ by operator/api/generate/main.ts. Do not edit.\n';

/** A type that several kinds share. */
export interface SharedDeclaration {
  /** The schema without its descriptions. */
  readonly content: string;
  readonly text: string;
}

/** Prints the TypeScript declarations below one root of a schema. */
export class TypePrinter {
  /** In the order of the schema. */
  readonly declarations: string[] = [];
  /** The names of the shared types that the declarations use. */
  readonly sharedUsed = new Set<string>();
  readonly #name: string;
  readonly #root: string;
  readonly #shared: Map<string, SharedDeclaration>;

  /** `name` begins the names of all types below the path `root`. */
  constructor(name: string, root: string, shared: Map<string, SharedDeclaration>) {
    this.#name = name;
    this.#root = root;
    this.#shared = shared;
  }

  /** Declares the type of an object and all below it; answers its name. */
  declare(schema: StructuralSchema, path: string): string {
    const name = this.#nameAt(path);
    const at = this.declarations.push('') - 1;
    const fields = Object.entries(schema.properties ?? {}).map(([field, child]) => {
      const optional = schema.required?.includes(field) === true ? '' : '?';
      return `${docstring(child, '  ')}  readonly ${field}${optional}: ${this.typeOf(child, `${path}.${field}`)};\n`;
    });
    this.declarations[at] = `${docstring(schema, '')}export interface ${name} {\n${fields.join('')}}\n`;
    return name;
  }

  /** The type of a field, declared where it needs a declaration. */
  typeOf(schema: StructuralSchema, path: string): string {
    const framework = FRAMEWORK_TYPES.get(path);
    if (framework !== undefined) return framework;
    const shared = SHARED_TYPES.find((type) => type.at.test(path));
    if (shared !== undefined) return this.#share(shared.name, schema, path);
    if (schema['x-kubernetes-int-or-string'] === true) return 'number | string';
    if (schema.enum !== undefined) return this.#enumeration(schema, path);
    switch (schema.type) {
      case 'object':
        if (schema.additionalProperties === undefined) return this.declare(schema, path);
        return `Readonly<Record<string, ${this.typeOf(schema.additionalProperties, `${path}{}`)}>>`;
      case 'array':
        return `readonly ${this.typeOf(schema.items ?? {}, `${path}[]`)}[]`;
      case 'integer':
      case 'number':
        return 'number';
      case 'string':
      case 'boolean':
        return schema.type;
      case undefined:
        break;
    }
    throw new Error(`${this.#name}: ${path} has no type`);
  }

  #nameAt(path: string): string {
    if (path === 'spec') return `${this.#name}Spec`;
    return typeNameAt(this.#name, path.slice(this.#root.length));
  }

  #enumeration(schema: StructuralSchema, path: string): string {
    const union = (schema.enum ?? []).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
    if (union.length === 1) return String(union[0]);
    const name = this.#nameAt(path);
    this.declarations.push(`${docstring(schema, '')}export type ${name} = ${union.join(' | ')};\n`);
    return name;
  }

  #share(name: string, schema: StructuralSchema, path: string): string {
    this.sharedUsed.add(name);
    const content = JSON.stringify(schema, (key, value: unknown) => (key === 'description' ? undefined : value));
    const known = this.#shared.get(name);
    if (known !== undefined) {
      if (known.content === content) return name;
      throw new Error(`${this.#name}: ${path} differs from the other schemas of ${name}; make them equal`);
    }
    const printer = new TypePrinter(name, path, this.#shared);
    printer.declare(schema, path);
    this.#shared.set(name, { content, text: printer.declarations.join('\n') });
    return name;
  }
}

/** A docstring from a description, wrapped at 120 columns. */
export function docstring(schema: StructuralSchema, indent: string): string {
  const text = schema.description ?? '';
  if (text === '') return '';
  if (indent.length + text.length + 7 <= 120) return `${indent}/** ${text} */\n`;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + 3 + line.length + 1 + word.length > 120) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return `${indent}/**\n${lines.map((each) => `${indent} * ${each}\n`).join('')}${indent} */\n`;
}

/** The declarations of what is shared, sorted by name. */
export function sharedText(shared: ReadonlyMap<string, SharedDeclaration>): string {
  return [...shared.keys()]
    .sort()
    .map((name) => shared.get(name)?.text)
    .join('\n');
}
