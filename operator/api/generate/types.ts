import type { StructuralSchema } from '../structural-schema.ts';
import { type CustomResource, kebabCase } from './custom-resource.ts';
import { FRAMEWORK_TYPES, SHARED_TYPES, typeNameAt } from './type-names.ts';

/** First line of every generated file. */
export const GENERATED = '// Generated from crds/ by operator/api/generate/main.ts. Do not edit.\n';

const FRAMEWORK = '../../framework';

interface SharedDeclaration {
  /** The schema without its descriptions. */
  readonly content: string;
  readonly text: string;
}

/** TypeScript declarations of what is shared, and of each kind: file name (without folder) → content. */
export function generateTypes(resources: readonly CustomResource[]): ReadonlyMap<string, string> {
  const shared = new Map<string, SharedDeclaration>();
  const files = new Map<string, string>();
  for (const resource of resources) {
    const printer = new TypePrinter(resource.kind, 'spec', shared);
    printer.declare(resource.schema.properties?.['spec'] ?? {}, 'spec');
    printer.typeOf(resource.schema.properties?.['status'] ?? {}, 'status');
    files.set(`${kebabCase(resource.kind)}.ts`, kindFile(resource, printer));
  }
  const declarations = [...shared.keys()].sort().map((name) => shared.get(name)?.text);
  files.set(
    'shared.ts',
    `${GENERATED}import type { Condition } from '${FRAMEWORK}/status/conditions.ts';\n\n${declarations.join('\n')}`,
  );
  const modules = ['shared', ...resources.map((resource) => kebabCase(resource.kind))];
  files.set('index.ts', GENERATED + modules.map((name) => `export * from './${name}.ts';\n`).join(''));
  return files;
}

function kindFile(resource: CustomResource, printer: TypePrinter): string {
  const { kind, group, version, plural } = resource;
  const apiVersion = `${group}/${version}`;
  const shared = ['MeshStatus', ...printer.sharedUsed].sort();
  return [
    GENERATED,
    `import type { KubernetesObject } from '${FRAMEWORK}/api/object.ts';\n`,
    `import { resourceKind } from '${FRAMEWORK}/api/resource-kind.ts';\n`,
    `import type { ${[...new Set(shared)].join(', ')} } from './shared.ts';\n\n`,
    docstring(resource.schema, ''),
    `export interface ${kind} extends KubernetesObject {\n`,
    `  readonly apiVersion: '${apiVersion}';\n  readonly kind: '${kind}';\n`,
    `  readonly spec: ${kind}Spec;\n  readonly status?: MeshStatus;\n}\n\n`,
    `/** The kind ${kind}. */\n`,
    `export const ${kebabCase(kind, '_').toUpperCase()} = resourceKind<${kind}>('${apiVersion}', '${kind}', { plural: '${plural}' });\n\n`,
    printer.declarations.join('\n'),
  ].join('');
}

class TypePrinter {
  readonly declarations: string[] = [];
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
function docstring(schema: StructuralSchema, indent: string): string {
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
