import { compareSpiffeIds, formatSpiffeId, type SpiffeId } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { type Labels, compareText } from './lenient.ts';
import { labelsText, selects } from './selector.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { MESH, settings } from './settings.ts';
import { subsetsOf } from './split/split-plan.ts';

/** The identities of a Service's meshed endpoints, ready or not; and of its subsets, by their labels as text. */
export interface ServiceIdentities {
  readonly all: readonly SpiffeId[];
  readonly subsets: ReadonlyMap<string, readonly SpiffeId[]>;
}

/** The identities that the endpoints of the Service `namespace/name` may have. Endpoints that are no pods have none. */
export const serviceIdentities: Derivation<ServiceIdentities> = {
  name: 'serviceIdentities',
  compute(read, key) {
    const { trustDomain } = read.derived(settings, MESH);
    const endpoints = read.derived(serviceEndpoints, key).flatMap((port) => port.endpoints);
    const pods = endpoints.flatMap(({ pod }) => (pod?.meshed === true ? [pod] : []));
    const identitiesOf = (labels?: Labels): readonly SpiffeId[] => {
      const ids = new Map<string, SpiffeId>();
      for (const pod of pods) {
        if (labels !== undefined && !selects(labels, pod.labels)) continue;
        const id = { trustDomain, namespace: pod.namespace, serviceAccount: pod.serviceAccount };
        ids.set(formatSpiffeId(id), id);
      }
      return [...ids.values()].sort(compareSpiffeIds);
    };
    const subsets = new Map(
      read.derived(subsetsOf, key).map(({ labels }) => [labelsText(labels), identitiesOf(labels)]),
    );
    return { all: identitiesOf(), subsets: new Map([...subsets].sort(([a], [b]) => compareText(a, b))) };
  },
};
