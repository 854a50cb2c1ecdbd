import { isAlreadyExists, isConflict, isNotFound } from '../api/api-error.ts';
import type { Api } from '../api/api.ts';
import type { KubernetesObject, ObjectRef } from '../api/object.ts';
import { resourceKind } from '../api/resource-kind.ts';
import { rfc3339Micro } from '../clock.ts';

/** A lease of coordination.k8s.io/v1. Times are RFC 3339 with microseconds; the duration is in seconds. */
export interface Lease extends KubernetesObject {
  readonly spec?: LeaseSpec;
}

/** Who holds a lease, and for how long after the last renewal. */
export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** The kind of leases. */
export const LEASE = resourceKind<Lease>('coordination.k8s.io/v1', 'Lease');

/** What one try to take or renew a lease came to. */
export type LeaseTry =
  | { readonly kind: 'held'; readonly lease: Lease }
  /** Somebody else holds it, or was faster. */
  | { readonly kind: 'taken'; readonly lease: Lease | undefined };

/** What a candidate wants to write. `now` is wall-clock time in milliseconds, for people to read. */
export interface LeaseClaim {
  readonly ref: ObjectRef;
  readonly identity: string;
  readonly durationSeconds: number;
  readonly now: number;
  readonly signal?: AbortSignal;
}

/** The lease as it is, if it is there. */
export async function readLease(api: Api, ref: ObjectRef, signal?: AbortSignal): Promise<Lease | undefined> {
  try {
    return await api.get(LEASE, ref, signal === undefined ? {} : { signal });
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** Writes a claim over `known`, the lease as it was last seen. The resourceVersion sees to it that only one of several wins. */
export async function claimLease(api: Api, claim: LeaseClaim, known: Lease | undefined): Promise<LeaseTry> {
  const { ref, identity, durationSeconds, now, signal } = claim;
  const time = rfc3339Micro(now);
  const isRenewal = known?.spec?.holderIdentity === identity;
  const spec: LeaseSpec = {
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: (isRenewal ? known.spec?.acquireTime : undefined) ?? time,
    renewTime: time,
    leaseTransitions: (known?.spec?.leaseTransitions ?? 0) + (known === undefined || isRenewal ? 0 : 1),
  };
  const options = signal === undefined ? {} : { signal };
  try {
    const lease = await (known === undefined
      ? api.create(LEASE, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...ref }, spec }, options)
      : api.replace(LEASE, { ...known, spec }, options));
    return { kind: 'held', lease };
  } catch (thrown) {
    if (!isConflict(thrown) && !isAlreadyExists(thrown) && !isNotFound(thrown)) throw thrown;
    return { kind: 'taken', lease: await readLease(api, ref, signal) };
  }
}

/** Gives a held lease back, so that the next one need not wait for it to run out. */
export async function releaseLease(api: Api, held: Lease, now: number, signal?: AbortSignal): Promise<void> {
  const time = rfc3339Micro(now);
  const spec: LeaseSpec = {
    ...held.spec,
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: time,
    renewTime: time,
  };
  await api.replace(LEASE, { ...held, spec }, signal === undefined ? {} : { signal });
}
