import type { EntryRef } from '@dot-kube/proxy/xds';
import type { ReplicaTrust } from '../identity/proxy-trust.ts';

/** The wire format. Another one is not read. */
export const REPORT_FORMAT = 1;

/** What was added to a set and what was taken from it. */
export type SetPatch = readonly [added: readonly string[], removed: readonly string[]];

/** How a standing differs from the one told before; what is absent is as it was. */
export interface StandingPatch {
  readonly uid?: string;
  readonly generation?: number;
  readonly draining?: boolean;
  readonly users?: SetPatch;
  readonly concerned?: SetPatch;
  readonly waitingFor?: SetPatch;
  readonly late?: SetPatch;
}

/** A content that a proxy of the replica refused. The version is the same for the same bytes on every replica. */
export interface ReportedRefusal extends Omit<EntryRef, 'type'> {
  readonly type: string;
  readonly version: string;
  readonly proxy: string;
  /** Envoy's own words. */
  readonly error: string;
}

/** News of one replica's proxies, since the line before. All of a line holds at the same time. */
export interface Report {
  readonly kind: 'report';
  /** Proxies that connected, and that left. */
  readonly proxies?: SetPatch;
  /** By source key; null: the object is gone. */
  readonly objects?: readonly (readonly [object: string, patch: StandingPatch | null])[];
  /** All that there are. */
  readonly refusals?: readonly ReportedRefusal[];
  /** How the proxies stand in a change of the root. */
  readonly trust?: ReplicaTrust;
  /** With this line everything has been told once. */
  readonly complete?: true;
}

/** One line of what a replica tells. */
export type ReplicaMessage =
  /** The first line. */
  | { readonly kind: 'hello'; readonly format: number; readonly instance: string }
  | Report
  /** There is nothing new. */
  | { readonly kind: 'beat' };

/** What a replica said is not understood. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/** One line of JSON, without its end. */
export function formatMessage(message: ReplicaMessage): string {
  return JSON.stringify(message);
}

/** The inverse of {@link formatMessage}. Throws {@link ReportError}; never quotes the line. */
export function parseMessage(line: string): ReplicaMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ReportError('a line that is not JSON');
  }
  if (!isRecord(value)) throw new ReportError('a line that is no object');
  switch (value['kind']) {
    case 'hello':
      return { kind: 'hello', format: number(value, 'format'), instance: text(value, 'instance') };
    case 'beat':
      return { kind: 'beat' };
    case 'report':
      return reportOf(value);
    default:
      throw new ReportError('a line of an unknown kind');
  }
}

type Fields = Readonly<Record<string, unknown>>;

function reportOf(value: Fields): Report {
  const { proxies, objects, refusals, trust, complete } = value;
  return {
    kind: 'report',
    ...(proxies === undefined ? {} : { proxies: setPatch(proxies) }),
    ...(objects === undefined ? {} : { objects: list(objects).map(objectOf) }),
    ...(refusals === undefined ? {} : { refusals: list(refusals).map(refusalOf) }),
    ...(trust === undefined ? {} : { trust: trustOf(trust) }),
    ...(complete === true ? { complete } : {}),
  };
}

function objectOf(value: unknown): readonly [string, StandingPatch | null] {
  const [object, patch] = list(value);
  if (typeof object !== 'string' || (patch !== null && !isRecord(patch))) throw new ReportError('no standing');
  return [object, patch === null ? null : standingOf(patch)];
}

function standingOf(value: Fields): StandingPatch {
  const { uid, generation, draining } = value;
  const sets = (['users', 'concerned', 'waitingFor', 'late'] as const).filter((name) => value[name] !== undefined);
  return {
    ...(uid === undefined ? {} : { uid: text(value, 'uid') }),
    ...(generation === undefined ? {} : { generation: number(value, 'generation') }),
    ...(draining === undefined ? {} : { draining: draining === true }),
    ...Object.fromEntries(sets.map((name) => [name, setPatch(value[name])])),
  };
}

function refusalOf(value: unknown): ReportedRefusal {
  if (!isRecord(value)) throw new ReportError('no refusal');
  return {
    layer: text(value, 'layer'),
    type: text(value, 'type'),
    name: text(value, 'name'),
    version: text(value, 'version'),
    proxy: text(value, 'proxy'),
    error: text(value, 'error'),
  };
}

function trustOf(value: unknown): ReplicaTrust {
  if (!isRecord(value)) throw new ReportError('no trust');
  return {
    bundle: text(value, 'bundle'),
    signing: text(value, 'signing'),
    withoutBundle: names(value['withoutBundle']),
    withoutCertificate: names(value['withoutCertificate']),
    signedByOthers: number(value, 'signedByOthers'),
  };
}

function names(value: unknown): readonly string[] {
  return list(value).map((name) => {
    if (typeof name !== 'string') throw new ReportError('a name that is no text');
    return name;
  });
}

function setPatch(value: unknown): SetPatch {
  const [added, removed] = list(value).map(names);
  if (added === undefined || removed === undefined) throw new ReportError('no change of a set');
  return [added, removed];
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ReportError('no list');
  return value as readonly unknown[];
}

function text(value: Fields, field: string): string {
  const found = value[field];
  if (typeof found !== 'string') throw new ReportError(`${field} is no text`);
  return found;
}

function number(value: Fields, field: string): number {
  const found = value[field];
  if (typeof found !== 'number') throw new ReportError(`${field} is no number`);
  return found;
}
