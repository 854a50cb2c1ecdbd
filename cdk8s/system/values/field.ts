/** JSON, as values are written in YAML. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One thing that can be set: its shape as JSON Schema (draft-07), what it is when nobody sets it, and what it means. */
export interface Field<T> {
  readonly description: string;
  readonly default: T;
  /** Without `description`, `default` and, for an object, `properties`. */
  readonly schema: JsonObject;
  /** The fields of an object that has a fixed set of them. */
  readonly fields?: Fields;
}

/** Fields by name, in the order in which people read them. */
export interface Fields {
  readonly [name: string]: Field<unknown>;
}

/** What the values of fields are, all of them set. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** A text of one line. */
export function text(description: string, value: string, schema: JsonObject = {}): Field<string> {
  return { description, default: value, schema: { type: 'string', ...schema } };
}

/** One of several words. */
export function oneOf<const T extends string>(description: string, value: T, allowed: readonly T[]): Field<T> {
  return { description, default: value, schema: { type: 'string', enum: allowed } };
}

/** A whole number. */
export function integer(description: string, value: number, schema: JsonObject = {}): Field<number> {
  return { description, default: value, schema: { type: 'integer', ...schema } };
}

/** Yes or no. */
export function flag(description: string, value: boolean): Field<boolean> {
  return { description, default: value, schema: { type: 'boolean' } };
}

/** A list of texts. */
export function texts(description: string, items: JsonObject = {}): Field<readonly string[]> {
  return { description, default: [], schema: { type: 'array', items: { type: 'string', ...items } } };
}

/** Texts by name, such as labels. */
export function textMap(description: string, schema: JsonObject = {}): Field<Readonly<Record<string, string>>> {
  return { description, default: {}, schema: { type: 'object', additionalProperties: { type: 'string' }, ...schema } };
}

/** A list of objects that Kubernetes defines; the API server checks what is in them. */
export function objects(description: string, value: readonly JsonObject[] = []): Field<readonly JsonObject[]> {
  return { description, default: value, schema: { type: 'array', items: { type: 'object' } } };
}

/** An object that Kubernetes defines; the API server checks what is in it. */
export function kubernetesObject(description: string, value: JsonObject = {}): Field<JsonObject> {
  return { description, default: value, schema: { type: 'object' } };
}

/** An object of a fixed set of fields. */
export function group<F extends Fields>(description: string, fields: F): Field<ValuesOf<F>> {
  return { description, default: defaultsOf(fields), schema: { type: 'object', additionalProperties: false }, fields };
}

/** What the values are when nobody sets any. */
export function defaultsOf<F extends Fields>(fields: F): ValuesOf<F> {
  const defaults = Object.entries(fields).map(([name, field]) => [name, field.default]);
  return Object.fromEntries(defaults) as ValuesOf<F>;
}
