import type { SourceMatch } from '@dot-kube/proxy/model';
import type { peer } from '../../../../proxy/envoy/rbac/peer.ts';

/** A condition of Envoy's RBAC as it is generated. */
export type Principal = ReturnType<typeof peer>;

/** What is asked about. */
export interface Subject {
  readonly uri?: string;
  readonly path?: string;
  /** Lines by the name of their header. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads a condition as Envoy does: expressions match the whole, headers any of their lines. */
export function holds(principal: Principal, subject: Subject): boolean {
  const { identifier } = principal;
  const each = (value: unknown): readonly Principal[] => (value as { readonly ids: readonly Principal[] }).ids;
  if (identifier?.case === 'any') return true;
  if (identifier?.case === 'notId') return !holds(identifier.value as Principal, subject);
  if (identifier?.case === 'andIds') return each(identifier.value).every((id) => holds(id, subject));
  if (identifier?.case === 'orIds') return each(identifier.value).some((id) => holds(id, subject));
  return isMet(principal, subject);
}

function isMet({ identifier }: Principal, { uri, path, headers = {} }: Subject): boolean {
  if (identifier?.case === 'authenticated') {
    return uri !== undefined && fits(identifier.value.principalName?.matchPattern, uri);
  }
  if (identifier?.case === 'urlPath' && identifier.value.rule?.case === 'path') {
    return path !== undefined && fits(identifier.value.rule.value.matchPattern, path);
  }
  if (identifier?.case === 'header') return isLine(identifier.value, headers);
  throw new Error(`a condition of the kind ${identifier?.case} cannot be judged`);
}

interface Line {
  readonly name?: string;
  readonly headerMatchSpecifier?: { readonly case?: string | undefined; readonly value?: unknown };
}

function isLine({ name = '', headerMatchSpecifier: match }: Line, headers: Readonly<Record<string, string>>): boolean {
  const line = headers[name];
  if (line === undefined || match?.case !== 'stringMatch') return line !== undefined && match?.case === 'presentMatch';
  return fits((match.value as { readonly matchPattern?: Pattern }).matchPattern, line);
}

interface Pattern {
  readonly case?: string | undefined;
  readonly value?: unknown;
}

const expressions = new Map<string, RegExp>();

function fits(pattern: Pattern | undefined, text: string): boolean {
  const { case: kind, value } = pattern ?? {};
  if (kind === 'exact') return text === value;
  if (kind === 'prefix') return text.startsWith(String(value));
  if (kind === 'suffix') return text.endsWith(String(value));
  if (kind === 'contains') return text.includes(String(value));
  if (kind !== 'safeRegex') throw new Error(`a pattern of the kind ${kind} cannot be judged`);
  const { regex } = value as { readonly regex: string };
  const known = expressions.get(regex) ?? expressionOf(regex);
  expressions.set(regex, known);
  return known.test(text);
}

/** RE2 has a byte class that JavaScript lacks, and flags at the start of an expression. */
function expressionOf(regex: string): RegExp {
  if (expressions.size > 1000) expressions.clear();
  const plain = regex.replaceAll('\\C', '[\\s\\S]');
  return new RegExp(plain.startsWith('(?i)') ? `^(?i:${plain.slice(4)})$` : `^(?:${plain})$`);
}

/** A rule about callers that says nothing yet. */
export const NOBODY: SourceMatch = { principals: [], notPrincipals: [], ipBlocks: [], notIpBlocks: [] };
