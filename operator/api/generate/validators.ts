import { Ajv, type AnySchema } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { StructuralSchema } from '../structural-schema.ts';
import { type CustomResource, kebabCase } from './custom-resource.ts';
import { GENERATED } from './type-printer.ts';

const LENGTH_REQUIRE = 'require("ajv/dist/runtime/ucs2length").default';

/** Standalone Ajv validators, and the schemas they come from: file name (without folder) → content. */
export function generateValidators(resources: readonly CustomResource[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const resource of resources) {
    const name = kebabCase(resource.kind);
    files.set(`${name}-validator.ts`, validatorFile(resource));
    files.set(
      `${name}-schema.ts`,
      `${GENERATED}import type { StructuralSchema } from '../../api/structural-schema.ts';\n\n` +
        `/** The structural schema of ${resource.kind}, without descriptions. */\n` +
        `export const SCHEMA: StructuralSchema = ${JSON.stringify(withoutDescriptions(resource.schema), null, 1)};\n`,
    );
  }
  return files;
}

function validatorFile(resource: CustomResource): string {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = standaloneCode.default(ajv, ajv.compile(jsonSchemaOf(resource.schema)));
  const body = code
    .replace('"use strict";', '')
    // Node reads these files at every start, and nobody reads these paths.
    .replaceAll(/schemaPath:"[^"]*",?/g, '')
    .replaceAll(LENGTH_REQUIRE, '(text) => [...text].length')
    .replace(/export default validate\d+;/, '');
  const missing = /require\([^)]*\)/.exec(body);
  if (missing !== null) throw new Error(`${resource.file}: the validator needs ${missing[0]}; inline it as well`);
  return `// @ts-nocheck\n${GENERATED}${body.trim()}\n`;
}

/**
 * What Ajv checks of a schema: all but the status, which the API server drops from what users send, and the metadata.
 *
 * Formats are left out: integers carry their bounds, and no other format is in a spec.
 */
function jsonSchemaOf(schema: StructuralSchema): AnySchema {
  const { spec } = schema.properties ?? {};
  return { type: 'object', required: schema.required, properties: { spec: converted(spec ?? {}) } };
}

function converted(schema: StructuralSchema): Record<string, unknown> {
  const { properties, items, additionalProperties, ...rest } = schema;
  const json = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-') && !SKIPPED.has(key)),
  );
  if (schema['x-kubernetes-int-or-string'] === true) json['type'] = ['integer', 'string'];
  if (items !== undefined) json['items'] = converted(items);
  if (additionalProperties !== undefined) json['additionalProperties'] = converted(additionalProperties);
  if (properties !== undefined) {
    json['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, converted(property)]),
    );
  }
  return json;
}

const SKIPPED: ReadonlySet<string> = new Set(['description', 'format', 'default']);

function withoutDescriptions(schema: StructuralSchema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'description' && typeof value === 'string' ? undefined : value,
    ),
  );
}
