import { type Fault, type MtlsMode, type SourceRef, uniqueSources } from '@dot-kube/proxy/model';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { compareAged } from '../age.ts';
import { type ClassScope, classScopes } from '../class-scopes.ts';
import { MESH_POLICIES } from '../collections.ts';
import { podClass } from '../pod-facts.ts';
import { selects } from '../selector.ts';
import type { FieldConflict } from './caller-policy.ts';
import { type NetworkPolicyMode, type WorkloadFields, workloadPart, type WorkloadPart } from './workload-fields.ts';

/** A policy that concerns a class. */
interface Applied extends WorkloadPart {
  /** The ports that it is about. Absent: all. */
  readonly ports?: readonly number[];
}

/** What binds one port of a workload, and who said so; what nobody said has no source. */
export interface EffectiveInbound {
  readonly mtls: { readonly value: MtlsMode; readonly source?: SourceRef };
  readonly delay?: { readonly value: NonNullable<Fault['delay']>; readonly source: SourceRef };
  readonly abort?: { readonly value: NonNullable<Fault['abort']>; readonly source: SourceRef };
}

/** What MeshPolicies say to the pods of a class. */
export interface WorkloadPolicy {
  /** For ports that are named nowhere below. */
  readonly other: EffectiveInbound;
  /** For every port that some policy speaks of, sorted. */
  readonly ports: readonly { readonly port: number; readonly inbound: EffectiveInbound }[];
  /** Of the pods as a whole. Absent: nobody said. */
  readonly networkPolicy?: { readonly value: NetworkPolicyMode; readonly source: SourceRef };
  readonly conflicts: readonly FieldConflict[];
}

/** Plain text and mutual TLS are both taken until a policy says otherwise. */
const DEFAULT_MODE: MtlsMode = 'permissive';

/** The effective MeshPolicy fields for the pods of a class. */
export const workloadPolicy: Derivation<WorkloadPolicy> = {
  name: 'workloadPolicy',
  compute(read, key) {
    const layers = layersOf(read, key);
    const named = layers
      .flat()
      .flatMap(({ ports, fields }) => [...(ports ?? []), ...fields.ports.map(({ port }) => port)]);
    const networkPolicy = firstOf(layers.toReversed().map((layer) => said(layer, (fields) => fields.networkPolicy)));
    return {
      ...(networkPolicy === undefined ? {} : { networkPolicy }),
      other: effective(layers, undefined),
      ports: [...new Set(named)].sort((a, b) => a - b).map((port) => ({ port, inbound: effective(layers, port) })),
      conflicts: layers.flatMap(conflictsOf),
    };
  },
};

/** What binds a port of a workload. */
export function inboundOf(policy: WorkloadPolicy, port: number): EffectiveInbound {
  return policy.ports.find((entry) => entry.port === port)?.inbound ?? policy.other;
}

/** The policies behind what binds a port. */
export function inboundSources({ mtls, delay, abort }: EffectiveInbound): readonly SourceRef[] {
  return uniqueSources([mtls.source, delay?.source, abort?.source].filter((source) => source !== undefined));
}

/** Sorted by age inside each layer; a policy with several targets stands there once for each. */
function layersOf(read: Read, key: string): readonly (readonly Applied[])[] {
  const labels = read.derived(podClass, key)?.labels ?? {};
  const applied = ({ key: scope, ports }: ClassScope): readonly Applied[] =>
    read.members(MESH_POLICIES, 'scope', scope).flatMap((policy) => {
      const part = read.derived(workloadPart, policy);
      if (part === undefined || (part.labels !== undefined && !selects(part.labels, labels))) return [];
      return [ports === undefined ? part : { ...part, ports }];
    });
  return read.derived(classScopes, key).map((scopes) => scopes.flatMap(applied).sort(compareAged));
}

/** The most specific layer that speaks of the port decides; for mTLS, what names the port goes before what names none. */
function effective(layers: readonly (readonly Applied[])[], port: number | undefined): EffectiveInbound {
  const here = layers
    .map((layer) => layer.filter(({ ports }) => ports === undefined || (port !== undefined && ports.includes(port))))
    .toReversed();
  const mtls = firstOf(
    here.map(
      (layer) =>
        said(layer, ({ ports }) => ports.find((entry) => entry.port === port)?.mode) ?? said(layer, ({ mode }) => mode),
    ),
  );
  const delay = firstOf(here.map((layer) => said(layer, (fields) => fields.delay)));
  const abort = firstOf(here.map((layer) => said(layer, (fields) => fields.abort)));
  return {
    mtls: mtls ?? { value: DEFAULT_MODE },
    ...(delay === undefined ? {} : { delay }),
    ...(abort === undefined ? {} : { abort }),
  };
}

function firstOf<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}

/** What the oldest policy that says anything says. */
function said<T>(
  policies: readonly Applied[],
  get: (fields: WorkloadFields) => T | undefined,
): { readonly value: T; readonly source: SourceRef } | undefined {
  for (const { fields, source } of policies) {
    const value = get(fields);
    if (value !== undefined) return { value, source };
  }
  return undefined;
}

/** Of two policies of one layer that set the same field for the same port, the younger is in conflict. */
function conflictsOf(layer: readonly Applied[]): readonly FieldConflict[] {
  const conflicts = new Map<string, FieldConflict>();
  const setters = new Map<string, Applied[]>();
  for (const policy of layer) {
    for (const field of fieldNames(policy.fields)) {
      const older = setters.get(field) ?? [];
      const winner = older.find((other) => overlaps(other, policy) && !isSame(other.source, policy.source));
      if (winner !== undefined) {
        const conflict = { field, loser: policy.source, winner: winner.source };
        conflicts.set(`${field} ${policy.source.namespace}/${policy.source.name}`, conflict);
      }
      setters.set(field, [...older, policy]);
    }
  }
  return [...conflicts.values()];
}

function fieldNames({ mode, ports, delay, abort, networkPolicy }: WorkloadFields): readonly string[] {
  return [
    ...(networkPolicy === undefined ? [] : ['networkPolicy']),
    ...(mode === undefined ? [] : ['mtls.mode']),
    ...ports.map(({ port }) => `mtls.ports[${port}]`),
    ...(delay === undefined ? [] : ['fault.delay']),
    ...(abort === undefined ? [] : ['fault.abort']),
  ];
}

function overlaps(a: Applied, b: Applied): boolean {
  return a.ports === undefined || b.ports === undefined || a.ports.some((port) => b.ports?.includes(port) === true);
}

function isSame(a: SourceRef, b: SourceRef): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}
