import type { SourceRef } from '@dot-kube/proxy/model';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { MESH_POLICIES } from '../collections.ts';
import { objectOf } from '../lenient.ts';
import { scopeKeys } from '../policy-scope.ts';
import { serviceFacts } from '../service-facts.ts';
import { serviceRefOf } from '../sources.ts';
import { type Aged, ageOf, compareAged } from '../age.ts';
import { withoutNulls } from '../without-nulls.ts';
import { CALLER_FIELDS, type CallerField, type CallerFields, callerFieldsOf, isSwitch } from './caller-fields.ts';

/** Fields with the policies that set them. */
export type Effective = {
  readonly [Field in CallerField]?: { readonly value: CallerFields[Field]; readonly source: SourceRef };
};

/** A field that an older policy of the same layer sets too. */
export interface FieldConflict {
  readonly field: string;
  readonly loser: SourceRef;
  readonly winner: SourceRef;
}

/** What the policies of one scope say together. */
export interface CallerLayer {
  readonly fields: Effective;
  readonly conflicts: readonly FieldConflict[];
}

/** What one policy says to callers; the barrier behind which changes of its status stay. */
const callerPart: Derivation<(Aged & { readonly fields: Partial<CallerFields> }) | undefined> = {
  name: 'callerPart',
  compute(read, key) {
    const policy = withoutNulls(read.get(MESH_POLICIES, key));
    const spec = objectOf(policy?.spec);
    return policy === undefined || spec === undefined ? undefined : { ...ageOf(policy), fields: callerFieldsOf(spec) };
  },
};

/** The layer of one scope (see `scopeKeys`): of policies that set the same field the older wins. */
export const callerLayer: Derivation<CallerLayer> = {
  name: 'callerLayer',
  compute(read, scope) {
    const parts = read.members(MESH_POLICIES, 'scope', scope).flatMap((key) => read.derived(callerPart, key) ?? []);
    const winners = new Map<CallerField, SourceRef>();
    const conflicts: FieldConflict[] = [];
    const fields: [CallerField, { value: unknown; source: SourceRef }][] = [];
    for (const { source, fields: set } of [...parts].sort(compareAged)) {
      for (const field of CALLER_FIELDS) {
        if (!(field in set)) continue;
        const winner = winners.get(field);
        if (winner !== undefined) {
          if (!isSwitch(field)) conflicts.push({ field, loser: source, winner });
          continue;
        }
        winners.set(field, source);
        fields.push([field, { value: set[field], source }]);
      }
    }
    return { fields: Object.fromEntries(fields) as Effective, conflicts };
  },
};

/** What holds for the callers of each port of a Service, the most specific layer first: port, Service, namespace, mesh. */
export type CallerPolicy = ReadonlyMap<number, Effective>;

/** The effective fields for callers of the Service `namespace/name`, by port. */
export const callerPolicy: Derivation<CallerPolicy> = {
  name: 'callerPolicy',
  compute(read, key) {
    const { namespace, name } = serviceRefOf(key);
    const common = merged(read, [scopeKeys.mesh, scopeKeys.namespace(namespace), scopeKeys.service(namespace, name)]);
    const ports = read.derived(serviceFacts, key)?.ports ?? [];
    return new Map(
      ports.map((port) => {
        if (port.name === '') return [port.port, common];
        const own = read.derived(callerLayer, scopeKeys.service(namespace, name, port.name)).fields;
        return [port.port, { ...common, ...own }];
      }),
    );
  },
};

/** The fields of several layers, the least specific first. */
export function merged(read: Read, scopes: readonly string[]): Effective {
  return scopes.reduce<Effective>((all, scope) => ({ ...all, ...read.derived(callerLayer, scope).fields }), {});
}
