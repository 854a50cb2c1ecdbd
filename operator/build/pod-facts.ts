import type { Locality } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { NODES, PODS, podIpsOf } from './collections.ts';
import { type Labels, pairsOf, textOf } from './lenient.ts';
import { withoutNulls } from './without-nulls.ts';
import { classKeyOf, isAlive, isMeshed, podClassOf, serviceAccountOf, type PodClass } from './pod-class.ts';

const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

/** What endpoints need to know of a pod; the rest of its status changes often and matters to nobody here. */
export interface PodFacts {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly meshed: boolean;
  readonly classKey: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly locality?: Locality;
}

/** The facts of the pod `namespace/name`, or nothing where there is none. */
export const podFacts: Derivation<PodFacts | undefined> = {
  name: 'podFacts',
  compute(read, key) {
    const pod = withoutNulls(read.get(PODS, key));
    if (pod === undefined) return undefined;
    const nodeName = textOf(pod.spec?.nodeName);
    const locality =
      localityOf(pod.metadata.labels) ?? (nodeName === undefined ? undefined : read.derived(nodeLocality, nodeName));
    return {
      namespace: pod.metadata.namespace ?? '',
      serviceAccount: serviceAccountOf(pod),
      meshed: isMeshed(pod) && isAlive(pod),
      classKey: classKeyOf(pod),
      labels: Object.fromEntries(pairsOf(pod.metadata.labels)),
      addresses: podIpsOf(pod),
      ...(locality === undefined ? {} : { locality }),
    };
  },
};

/** Where a node is, as its labels say. */
export const nodeLocality: Derivation<Locality | undefined> = {
  name: 'nodeLocality',
  compute: (read, name) => localityOf(read.get(NODES, name)?.metadata.labels),
};

/** What the pods of a class have in common, or nothing where the last one has gone. */
export const podClass: Derivation<PodClass | undefined> = {
  name: 'podClass',
  compute(read, key) {
    const [pod] = read.byIndex(PODS, 'class', key);
    return pod === undefined ? undefined : podClassOf(pod);
  },
};

function localityOf(labels: Labels | undefined): Locality | undefined {
  const [zone, region] = [textOf(labels?.[ZONE]), textOf(labels?.[REGION])];
  return zone === undefined && region === undefined ? undefined : { region: region ?? '', zone: zone ?? '' };
}
