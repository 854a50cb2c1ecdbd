import { type Endpoint, type EndpointSet, type MtlsMode, type SourceRef, uniqueSources } from '@dot-kube/proxy/model';
import type { Derivation, Read } from '../framework/derive/index.ts';
import { clusterName } from './cluster-name.ts';
import type { Labels } from './lenient.ts';
import { workloadPolicy } from './policy/workload-policy.ts';
import { selects } from './selector.ts';
import { type RawEndpoint, serviceEndpoints } from './service-endpoints.ts';
import { serviceFacts, type ServiceFacts } from './service-facts.ts';
import { eachPodOnce, type PodEndpoint } from './pod-endpoints.ts';
import { serviceSource } from './sources.ts';
import { subsetsOf } from './split/split-plan.ts';

interface Mode {
  readonly value: MtlsMode;
  readonly source?: SourceRef;
}

/** The mTLS modes of a class's ports alone, so that other policies of its pods do not touch endpoints. */
const mtlsModes: Derivation<{ readonly other: Mode; readonly ports: ReadonlyMap<number, Mode> }> = {
  name: 'mtlsModes',
  compute(read, key) {
    const { other, ports } = read.derived(workloadPolicy, key);
    return { other: other.mtls, ports: new Map(ports.map(({ port, inbound }) => [port, inbound.mtls])) };
  },
};

/** The endpoints of every cluster of the Service `namespace/name`: its ports, and the subsets that splits name. */
export const endpointSets: Derivation<readonly EndpointSet[]> = {
  name: 'endpointSets',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined || facts.kind === 'external') return [];
    const own = facts.ports.map(({ port }) => ({ port, labels: undefined, causes: [serviceSource(facts.ref)] }));
    return [...own, ...read.derived(subsetsOf, key)].map(({ port, labels, causes }) => {
      const found = endpointsOf(read, facts, port, labels);
      return {
        cluster: clusterName(facts.ref, port, labels),
        endpoints: withLastResort(found).map(({ endpoint, health, mode }) => modelOf(endpoint, health, mode)),
        causes: uniqueSources([...causes, ...found.flatMap(({ mode }) => mode?.source ?? [])]),
      };
    });
  },
};

interface Found {
  readonly endpoint: PodEndpoint;
  readonly health: Endpoint['health'];
  /** The mode of a meshed endpoint's port. */
  readonly mode: Mode | undefined;
}

/** The endpoints behind a port that can take calls now. */
function endpointsOf(read: Read, facts: ServiceFacts, port: number, labels: Labels | undefined): readonly Found[] {
  const name = facts.ports.find((each) => each.port === port)?.name ?? '';
  const all = read.derived(serviceEndpoints, facts.ref.namespace + '/' + facts.ref.name);
  const here = all.find((each) => each.name === name)?.endpoints ?? [];
  return eachPodOnce(here, facts).flatMap((endpoint) => {
    if (endpoint.state === 'absent') return [];
    if (labels !== undefined && !selects(labels, endpoint.pod?.labels ?? {})) return [];
    const health = endpoint.state === 'ready' ? 'healthy' : 'draining';
    return [{ endpoint, health, mode: modeOf(read, endpoint) }];
  });
}

function modeOf(read: Read, { pod, port }: RawEndpoint): Mode | undefined {
  if (pod?.meshed !== true) return undefined;
  const modes = read.derived(mtlsModes, pod.classKey);
  return modes.ports.get(port) ?? modes.other;
}

/** When nothing is ready, what is on its way out yet still serves is better than nothing, as kube-proxy holds it too. */
function withLastResort(found: readonly Found[]): readonly Found[] {
  if (found.some(({ health }) => health === 'healthy')) return found;
  return found.map((each) => ({ ...each, health: 'healthy' }));
}

function modelOf(
  { address, alternatives, port, locality }: PodEndpoint,
  health: Endpoint['health'],
  mode: Mode | undefined,
): Endpoint {
  const mtls = mode !== undefined && mode.value !== 'disabled';
  return {
    address,
    ...(alternatives.length === 0 ? {} : { alternatives }),
    port,
    health,
    mtls,
    ...(locality === undefined ? {} : { locality }),
  };
}
