import { BUILD_DEFINITIONS } from './build-definitions.ts';
import { CERTIFICATE_DEFINITIONS } from './certificate-definitions.ts';
import type { ArgumentsOf, FindingDefinition } from './definition.ts';
import { INJECTION_DEFINITIONS } from './injection-definitions.ts';
import { PROXY_DEFINITIONS } from './proxy-definitions.ts';
import { RULE_DEFINITIONS } from './rule-definitions.ts';
import { SCHEMA_DEFINITIONS } from './schema-definitions.ts';

const DEFINITIONS = {
  ...SCHEMA_DEFINITIONS,
  ...RULE_DEFINITIONS,
  ...BUILD_DEFINITIONS,
  ...PROXY_DEFINITIONS,
  ...INJECTION_DEFINITIONS,
  ...CERTIFICATE_DEFINITIONS,
};

type Definitions = typeof DEFINITIONS;

/** A code of the registry. Codes are never given to another meaning. */
export type FindingCode = keyof Definitions;

/** The arguments that a finding of a code takes: those of its message. */
export type FindingArguments<Code extends FindingCode> = Readonly<
  Record<ArgumentsOf<Definitions[Code]['message']>, string | number>
>;

/** Every code, sorted. */
export const FINDING_CODES: readonly FindingCode[] = (Object.keys(DEFINITIONS) as FindingCode[]).sort();

/** What is the same in all findings of a code. */
export function definitionOf(code: FindingCode): FindingDefinition {
  return DEFINITIONS[code];
}

/** Whether a text is a code of the registry. */
export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(DEFINITIONS, text);
}
