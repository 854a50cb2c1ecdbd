import type { Field, Fields, JsonObject } from '../../system/values/field.ts';
import { VALUE_FIELDS } from '../../system/values/values.ts';

/** The JSON Schema of the chart's values, which Helm checks them by. */
export function valuesSchema(): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart dot-kube',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...propertiesOf(VALUE_FIELDS),
      global: { description: 'Of a chart that this one is a part of; not read.', type: 'object' },
    },
  };
}

function propertiesOf(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]));
}

function schemaOf({ description, schema, fields, default: value }: Field<unknown>): JsonObject {
  if (fields !== undefined) return { description, ...schema, properties: propertiesOf(fields) };
  return { description, ...schema, default: value as JsonObject };
}
