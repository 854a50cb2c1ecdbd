/** The object without the fields that are `undefined`: what optional fields need under exactOptionalPropertyTypes. */
export function defined<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
