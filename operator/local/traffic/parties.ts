import { formatSpiffeId } from '@dot-kube/proxy/model';
import type { LocalPod } from '../cluster/kinds.ts';
import { STATUS_LABEL } from '../cluster/injection.ts';
import type { Party, PartyDirectory } from './traffic-event.ts';

/** Who a pod is in the picture: its application and version, by the labels that people use for them. */
export function partyOf({ metadata, spec }: LocalPod, trustDomain: string): Party {
  const { labels = {}, name, namespace = 'default', ownerReferences } = metadata;
  const meshed = labels[STATUS_LABEL] === 'injected';
  const serviceAccount = spec?.serviceAccountName ?? 'default';
  return {
    name: labels['app.kubernetes.io/name'] ?? labels['app'] ?? ownerReferences?.[0]?.name ?? name,
    namespace,
    version: labels['app.kubernetes.io/version'] ?? labels['version'] ?? '',
    meshed,
    ...(meshed ? { identity: formatSpiffeId({ trustDomain, namespace, serviceAccount }) } : {}),
  };
}

/** Who is behind the addresses of the pods that run; `terminal` calls from where the mesh was started. */
export class Parties implements PartyDirectory {
  readonly #byAddress = new Map<string, Party>();

  constructor(terminal: string) {
    this.#byAddress.set(terminal, { name: 'terminal', namespace: '', version: '', meshed: false });
  }

  at(address: string): Party | undefined {
    return this.#byAddress.get(address);
  }

  add(address: string, party: Party): void {
    this.#byAddress.set(address, party);
  }
}
