import { Environment } from '@marcbachmann/cel-js';
import type { StructuralSchema, ValidationRule } from '../api/structural-schema.ts';
import { type FindingCode, isFindingCode } from '../findings/index.ts';
import { fieldOf, isJsonObject } from '../framework/api/json.ts';
import { celValue } from './cel-value.ts';
import { type FieldStep, fieldSteps } from './field-path.ts';
import { isCidr, isIp } from './ip-address.ts';
import { type Problem, problem } from './problem.ts';
import { childSchema } from './schema-at.ts';
import { shown } from './words.ts';

type Program = (context: { readonly self: unknown }) => unknown;

/** The functions of Kubernetes beyond CEL's own, those that our rules use. */
const ENVIRONMENT = new Environment({ unlistedVariablesAreDyn: false, enableOptionalTypes: true })
  .registerVariable('self', 'dyn')
  .registerFunction('isIP(string): bool', isIp)
  .registerFunction('isCIDR(string): bool', isCidr);

const PROGRAMS = new Map<string, Program>();

/**
 * What the CEL rules of a schema refuse. `object` has no nulls and nothing that {@link blocksRules}.
 *
 * A rule that fails to evaluate refuses nothing here: what makes it fail is a text that its own pattern refuses already.
 */
export function ruleProblems(root: StructuralSchema, object: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const visit = (value: unknown, schema: StructuralSchema | undefined, path: readonly FieldStep[]) => {
    if (schema === undefined || value === undefined) return;
    for (const rule of schema['x-kubernetes-validations'] ?? []) {
      if (!holds(rule, celValue(value, schema))) problems.push(problemOf(rule, path, value));
    }
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) visit(item, schema.items, [...path, at]);
    } else if (isJsonObject(value)) {
      for (const [key, child] of Object.entries(value)) visit(child, childSchema(schema, key), [...path, key]);
    }
  };
  visit(fieldOf(object, 'spec'), root.properties?.['spec'], ['spec']);
  return problems;
}

/** Parses a rule, once. Throws where it is no CEL. */
export function programOf(rule: string): Program {
  const known = PROGRAMS.get(rule);
  if (known !== undefined) return known;
  const program = ENVIRONMENT.parse(rule) as Program;
  PROGRAMS.set(rule, program);
  return program;
}

/**
 * The code at the end of a rule's message, and what is wrong: the text before the colon, after which the message goes on
 * with what to do. Throws where there is no code: the schema is wrong.
 */
export function codedMessage({ message }: ValidationRule): { readonly code: FindingCode; readonly text: string } {
  const [, text = '', code = ''] = /^(.*?)(?:: .*)? \((DK\d+)\)$/.exec(message) ?? [];
  if (!isFindingCode(code)) throw new Error(`the message of a rule has no code of the registry: ${message}`);
  return { code, text };
}

function holds({ rule }: ValidationRule, self: unknown): boolean {
  try {
    return programOf(rule)({ self }) === true;
  } catch {
    return true;
  }
}

function problemOf(rule: ValidationRule, path: readonly FieldStep[], value: unknown): Problem {
  const { code, text } = codedMessage(rule);
  const below = rule.fieldPath === undefined ? [] : fieldSteps(rule.fieldPath);
  const subject = typeof value === 'string' ? `${shown(value)} ` : '';
  // All codes of rules take the rule's text.
  return problem(code as 'DK1101', [...path, ...below], { rule: subject + text });
}
