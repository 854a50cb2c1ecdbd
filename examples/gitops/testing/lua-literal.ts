/** A value as Lua writes it, without what is null, as Argo CD gives objects to its scripts. */
export function luaLiteral(value: unknown): string {
  if (typeof value === 'string') return luaText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `{${value.map(luaLiteral).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return 'nil';
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return `{${entries.map(([name, field]) => `[${luaText(name)}] = ${luaLiteral(field)}`).join(', ')}}`;
}

/** All but letters, digits and blanks by their bytes: nothing in a text ends it. */
function luaText(text: string): string {
  const bytes = [...Buffer.from(text)];
  const escaped = bytes.map((byte) => {
    const character = String.fromCodePoint(byte);
    return /[A-Za-z0-9 ]/.test(character) ? character : `\\${String(byte).padStart(3, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
