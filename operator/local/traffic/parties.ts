import type { LocalPod } from '../cluster/kinds.ts';
import { STATUS_LABEL } from '../cluster/injection.ts';
import type { Party, PartyDirectory } from './traffic-event.ts';

/** Who a pod is in the picture: its application and version, by the labels that people use for them. */
export function partyOf({ metadata }: LocalPod): Party {
  const { labels = {}, name, namespace = 'default', ownerReferences } = metadata;
  return {
    name: labels['app.kubernetes.io/name'] ?? labels['app'] ?? ownerReferences?.[0]?.name ?? name,
    namespace,
    version: labels['app.kubernetes.io/version'] ?? labels['version'] ?? '',
    meshed: labels[STATUS_LABEL] === 'injected',
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

  add(address: string, pod: LocalPod): void {
    this.#byAddress.set(address, partyOf(pod));
  }
}
