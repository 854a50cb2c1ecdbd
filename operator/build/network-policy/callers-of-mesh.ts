import type { Derivation, Read } from '../../framework/derive/index.ts';
import { POD_GROUPS, PODS } from '../collections.ts';
import { workloadPolicy } from '../policy/workload-policy.ts';
import { MESH, settings } from '../settings.ts';
import { addressesOf } from './address-set.ts';
import type { Account, Callers } from './peers.ts';

/** What is known of the pods of the cluster as callers, but for the accounts that few policies ask for. */
export const callersOfMesh: Derivation<Omit<Callers, 'accounts'>> = {
  name: 'callersOfMesh',
  compute: (read) => ({
    trustDomain: read.derived(settings, MESH).trustDomain,
    unmarked: accountsIn(read, POD_GROUPS.unmarked),
    networks: addressesOf(read.members(PODS, 'mesh', POD_GROUPS.networks)),
  }),
};

/** As whom the meshed pods run. */
export function meshedAccounts(read: Read): readonly Account[] {
  return accountsIn(read, POD_GROUPS.identities);
}

/** Whether NetworkPolicies are wanted for the pods of a class. */
export const isGenerated: Derivation<boolean> = {
  name: 'isGenerated',
  compute: (read, key) => read.derived(workloadPolicy, key).networkPolicy?.value === 'generate',
};

function accountsIn(read: Read, group: string): readonly Account[] {
  return read.members(PODS, 'mesh', group).map((text) => {
    const [namespace = '', name = ''] = text.split('/');
    return { namespace, name };
  });
}
