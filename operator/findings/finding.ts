import type { KubernetesObject } from '../framework/api/object.ts';
import type { FindingLevel } from './definition.ts';
import { definitionOf, type FindingArguments, type FindingCode } from './registry.ts';

/** The object that a finding is about. */
export interface FindingObject {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Something that is wrong with an object, or that its author should know. */
export interface Finding {
  readonly code: FindingCode;
  readonly level: FindingLevel;
  readonly object: FindingObject;
  /** Where in the object: `spec.rules[0].to[1].ports`, with `labels[app.kubernetes.io/name]` for keys that are no identifiers. */
  readonly field?: string;
  /** What is wrong, as a clause: lower case, no full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  readonly args: Readonly<Record<string, string | number>>;
}

/** Where a finding is. */
export interface FindingPlace {
  readonly object: FindingObject;
  readonly field?: string;
}

/**
 * Makes a finding of the registry.
 *
 * @example
 * finding('DK2001', { object: findingObject(split), field: 'spec.service' }, { namespace: 'shop', service: 'reviews' })
 */
export function finding<Code extends FindingCode>(
  code: Code,
  place: FindingPlace,
  args: FindingArguments<Code>,
): Finding {
  const { level, message, fix } = definitionOf(code);
  return {
    code,
    level,
    object: place.object,
    ...(place.field === undefined ? {} : { field: place.field }),
    message: filled(message, args),
    fix: filled(fix, args),
    args,
  };
}

/** The reference of an object in findings. */
export function findingObject({ kind, metadata }: KubernetesObject): FindingObject {
  const { namespace, name } = metadata;
  return namespace === undefined ? { kind, name } : { kind, namespace, name };
}

/** One line for conditions, events and logs: `DK2001 spec.service: … (fix: …)`. */
export function findingText({ code, field, message, fix }: Finding): string {
  return `${code} ${field === undefined ? '' : `${field}: `}${message} (fix: ${fix})`;
}

/** Orders findings by object, then by place and code, so that the same findings always read the same. */
export function compareFindings(a: Finding, b: Finding): number {
  return compare(sortKey(a), sortKey(b));
}

function sortKey({ object, field, code, message }: Finding): string {
  const { namespace, kind, name } = object;
  return [namespace ?? '', kind, name, field ?? '', code, message].join('\u0000');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Replaces `{name}` by the argument of that name; other braces stay. */
function filled(template: string, args: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(args, name) ? String(args[name]) : whole,
  );
}
