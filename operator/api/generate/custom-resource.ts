import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { StructuralSchema } from '../structural-schema.ts';

/** A printer column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly jsonPath: string;
  readonly priority?: number;
}

/** What the generator needs of a CustomResourceDefinition. */
export interface CustomResource {
  /** Its file, without the folder. */
  readonly file: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly columns: readonly PrinterColumn[];
  readonly schema: StructuralSchema;
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
    readonly versions: readonly {
      readonly name: string;
      readonly additionalPrinterColumns: readonly PrinterColumn[];
      readonly schema: { readonly openAPIV3Schema: StructuralSchema };
    }[];
  };
}

/** Reads every CustomResourceDefinition in a folder, sorted by file. Throws where one serves other than one version. */
export function readCustomResources(folder: string): readonly CustomResource[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const { spec } = parse(readFileSync(join(folder, file), 'utf8')) as Definition;
      const [version, ...others] = spec.versions;
      if (version === undefined || others.length > 0) throw new Error(`${file}: needs exactly one version`);
      return {
        file,
        group: spec.group,
        version: version.name,
        ...spec.names,
        columns: version.additionalPrinterColumns,
        schema: version.schema.openAPIV3Schema,
      };
    });
}

/** `TrafficSplit` in another case: `traffic-split`, or with `_` and `toUpperCase` `TRAFFIC_SPLIT`. */
export function kebabCase(kind: string, separator = '-'): string {
  return kind.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, separator).toLowerCase();
}

/** Walks a schema from the root down; `path` is like `spec.rules[].from`, `{}` for the values of a map. */
export function walkSchema(
  schema: StructuralSchema,
  visit: (schema: StructuralSchema, path: string) => void,
  path = '',
): void {
  visit(schema, path);
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    walkSchema(child, visit, path === '' ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) walkSchema(schema.items, visit, `${path}[]`);
  if (schema.additionalProperties !== undefined) walkSchema(schema.additionalProperties, visit, `${path}{}`);
}
