import {
  type Finding,
  finding,
  type FindingArguments,
  type FindingCode,
  type FindingObject,
} from '../../findings/index.ts';

/** Makes findings about one object. */
export type Report = <Code extends FindingCode>(code: Code, field: string, args: FindingArguments<Code>) => Finding;

/** Findings about one object, by their field. */
export function reporter(object: FindingObject): Report {
  return (code, field, args) => finding(code, { object, field }, args);
}

/** An object as messages name it: `MeshPolicy shop/first`. */
export function objectText({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${namespace}/${name}`;
}

/** What it would say for each of several places, said of the first; the others are counted. */
export function withOthers(name: string, others: number): string {
  return others === 0 ? name : `${name} (and of ${others} more)`;
}
