import type { ServiceRef } from '@dot-kube/proxy/model';
import type { Service } from '../api/index.ts';
import type { Derivation, Read } from '../framework/derive/index.ts';
import { SERVICES } from './collections.ts';
import { normalName, serviceOfName } from './dns-name.ts';
import { textOf } from './lenient.ts';
import { MESH, settings } from './settings.ts';
import { serviceRefOf } from './sources.ts';

/** What an ExternalName Service stands for in the end, if it stands for other ExternalNames. */
export type ExternalTarget =
  | { readonly kind: 'outside'; readonly name: string }
  | { readonly kind: 'service'; readonly ref: ServiceRef }
  | { readonly kind: 'nowhere'; readonly name: string; readonly problem: string };

/** What the ExternalName Service `namespace/name` stands for; nothing where it is no such Service. */
export const externalTarget: Derivation<ExternalTarget | undefined> = {
  name: 'externalTarget',
  compute(read, key) {
    const { clusterDomain } = read.derived(settings, MESH);
    const seen = new Set<string>();
    for (let at = key; ; ) {
      const service = read.get(SERVICES, at);
      if (service?.spec?.type !== 'ExternalName')
        return at === key ? undefined : { kind: 'service', ref: serviceRefOf(at) };
      seen.add(at);
      const name = normalName(textOf(service.spec.externalName) ?? '');
      const next = keyInCluster(name, clusterDomain);
      if (next === undefined) return outside(name);
      if (seen.has(next)) return { kind: 'nowhere', name, problem: 'which leads back to itself' };
      if (read.get(SERVICES, next) === undefined)
        return { kind: 'nowhere', name, problem: 'a Service that does not exist' };
      at = next;
    }
  },
};

function outside(name: string): ExternalTarget {
  if (name === '') return { kind: 'nowhere', name: 'nothing', problem: 'as it has no externalName' };
  // A resolver takes it for a name, which nobody has.
  if (/^[0-9.]+$/.test(name)) return { kind: 'nowhere', name, problem: 'which is an address and no DNS name' };
  return { kind: 'outside', name };
}

function keyInCluster(name: string, clusterDomain: string): string | undefined {
  const target = serviceOfName(name);
  return target?.domain === clusterDomain ? target.key : undefined;
}

/** The ExternalName Services that are other names of the Service `namespace/name`, over others too, sorted. */
export function aliasesOf(read: Read, key: string): readonly string[] {
  const { clusterDomain } = read.derived(settings, MESH);
  const found = new Set<string>();
  const pending = [key];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const service of read.byIndex(SERVICES, 'stands', at)) {
      const alias = keyOf(service);
      if (found.has(alias) || keyInCluster(service.spec?.externalName ?? '', clusterDomain) !== at) continue;
      found.add(alias);
      pending.push(alias);
    }
  }
  return [...found].sort();
}

function keyOf({ metadata }: Service): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
