import type { MeshSettings } from '@dot-kube/proxy/model';
import type {
  AuthorizationPolicy,
  EndpointSlice,
  MeshPolicy,
  Namespace,
  Node,
  Pod,
  Service,
  TrafficSplit,
} from '../api/index.ts';
import { keyOfObject, type KubernetesObject } from '../framework/api/object.ts';
import { type Collection, groupKey } from '../framework/derive/index.ts';
import { canonicalAddress } from './address.ts';
import { listOf, objectOf, textOf, textsOf } from './lenient.ts';
import { serviceOfName } from './dns-name.ts';
import { networkOf } from './network-policy/address-set.ts';
import { EXCLUDE_INBOUND_PORTS, hasIdentityLabels } from './network-policy/pod-marks.ts';
import { classKeyOf, INJECTION_STATUS, isAlive, isMeshed, podClassOf, serviceAccountOf } from './pod-class.ts';
import { scopeKeys, scopeKeysOf } from './policy-scope.ts';
import { labelKeys, selectorKeys } from './selector.ts';

/** The label by which an EndpointSlice says whose it is. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** What the compiler reads of objects whose status is none of its business. */
function specView({ metadata, spec }: KubernetesObject): unknown {
  return [metadata.creationTimestamp, metadata.labels, spec];
}

/** Conditions and container states change often, and nobody reads them. */
function podView({ metadata, spec, status }: Pod): unknown {
  return [
    metadata.labels,
    metadata.annotations?.[INJECTION_STATUS],
    metadata.annotations?.[EXCLUDE_INBOUND_PORTS],
    spec,
    status?.phase,
    status?.podIP,
    status?.podIPs,
  ];
}

/** The group of the Services in their index that callers are told apart by Host for. */
export const BY_HOST = 'by-host';

/** The groups of pods that concern the whole mesh. */
export const POD_GROUPS = { identities: 'identities', unmarked: 'unmarked', networks: 'networks' } as const;

/** What is given at start; one object with the key `mesh`. */
export const SETTINGS: Collection<MeshSettings> = { name: 'Settings', keyOf: () => 'mesh', indexes: {} };

/** Kept for those who describe the mesh; nothing that is compiled reads Namespaces. */
export const NAMESPACES: Collection<Namespace> = { name: 'Namespace', keyOf: keyOfObject, indexes: {} };

/**
 * `selector`: groups of the Services that may select a pod, by one pair of their selectors (see `labelKeys`). `address`: by
 * cluster IP. `byHost`: the group of all headless and ExternalName ones. `stands`: ExternalNames by the Service, `namespace/name`,
 * that they seem to be another name of.
 */
export const SERVICES: Collection<Service> = {
  name: 'Service',
  keyOf: keyOfObject,
  view: specView,
  indexes: {
    selector: (service) =>
      service.spec?.type === 'ExternalName'
        ? []
        : inGroups(service, selectorKeys(namespaceOf(service), service.spec?.selector)),
    address: (service) => clusterIpsOf(service),
    byHost: (service) =>
      service.spec?.clusterIP === 'None' || service.spec?.type === 'ExternalName' ? inGroups(service, [BY_HOST]) : [],
    stands: (service) => {
      const target = service.spec?.type === 'ExternalName' ? serviceOfName(service.spec.externalName) : undefined;
      return target === undefined ? [] : [target.key];
    },
  },
};

/** `service`: by the Service, `namespace/name`. */
export const ENDPOINT_SLICES: Collection<EndpointSlice> = {
  name: 'EndpointSlice',
  keyOf: keyOfObject,
  view: ({ metadata, addressType, endpoints, ports }) => [metadata.labels, addressType, endpoints, ports],
  indexes: {
    service: (slice) => {
      const name = textOf(objectOf(slice.metadata.labels)?.[SERVICE_NAME_LABEL]);
      return name === undefined ? [] : [`${namespaceOf(slice)}/${name}`];
    },
  },
};

/**
 * `ip`: by `namespace/address`, without pods that share their host's. `class`: meshed pods by class key. `classes`: groups
 * whose members are class keys: those of the mesh, of a namespace, and of each label. `mesh`: the groups of `POD_GROUPS`, whose
 * members are `namespace/service account` of meshed pods, of those whose labels do not tell it, and the networks that pods have
 * addresses of. `uncaptured`: groups by class key, whose members say which ports go past the proxy.
 */
export const PODS: Collection<Pod> = {
  name: 'Pod',
  keyOf: keyOfObject,
  view: podView,
  indexes: {
    ip: (pod) => (isAlive(pod) ? podIpsOf(pod) : []).map((ip) => `${namespaceOf(pod)}/${ip}`),
    class: (pod) => (isMeshed(pod) && isAlive(pod) ? [classKeyOf(pod)] : []),
    classes: (pod) => {
      if (!isMeshed(pod) || !isAlive(pod)) return [];
      const { namespace, labels } = podClassOf(pod);
      const groups = [
        scopeKeys.mesh,
        scopeKeys.namespace(namespace),
        ...labelKeys(scopeKeys.pods(namespace), labels),
        ...labelKeys(scopeKeys.pods(), labels),
      ];
      return groups.map((group) => groupKey(group, classKeyOf(pod)));
    },
    mesh: (pod) => {
      if (!isAlive(pod)) return [];
      const networks = podIpsOf(pod).flatMap((ip) => networkOf(ip) ?? []);
      const inNetworks = [...new Set(networks)].map((network) => groupKey(POD_GROUPS.networks, network));
      if (!isMeshed(pod)) return inNetworks;
      const identity = `${namespaceOf(pod)}/${serviceAccountOf(pod)}`;
      const unmarked = hasIdentityLabels(pod) ? [] : [groupKey(POD_GROUPS.unmarked, identity)];
      return [groupKey(POD_GROUPS.identities, identity), ...unmarked, ...inNetworks];
    },
    uncaptured: (pod) => {
      const ports = textOf(objectOf(pod.metadata.annotations)?.[EXCLUDE_INBOUND_PORTS]);
      return ports === undefined || !isMeshed(pod) || !isAlive(pod) ? [] : [groupKey(classKeyOf(pod), ports)];
    },
  },
};

/** By name. */
export const NODES: Collection<Node> = {
  name: 'Node',
  keyOf: keyOfObject,
  view: ({ metadata }) => metadata.labels,
  indexes: {},
};

/** `scope`: groups by what the policies apply to, see `scopeKeys`. `namespace`: groups by their own namespace. */
export const MESH_POLICIES: Collection<MeshPolicy> = {
  name: 'MeshPolicy',
  keyOf: keyOfObject,
  view: specView,
  indexes: {
    scope: (policy) => inGroups(policy, scopeKeysOf(policy)),
    namespace: (policy) => inGroups(policy, [namespaceOf(policy)]),
  },
};

/** `scope`: groups by what the policies apply to, see `scopeKeys`. `namespace`: groups by their own namespace. */
export const AUTHORIZATION_POLICIES: Collection<AuthorizationPolicy> = {
  name: 'AuthorizationPolicy',
  keyOf: keyOfObject,
  view: specView,
  indexes: {
    scope: (policy) => inGroups(policy, scopeKeysOf(policy)),
    namespace: (policy) => inGroups(policy, [namespaceOf(policy)]),
  },
};

/** `root`: groups by the Service that is split. `service`: by every Service whose endpoints are named, the root included. */
export const TRAFFIC_SPLITS: Collection<TrafficSplit> = {
  name: 'TrafficSplit',
  keyOf: keyOfObject,
  view: specView,
  indexes: {
    root: (split) => inGroups(split, rootKeys(split)),
    service: (split) => {
      const spec = objectOf(split.spec);
      const named = [...listOf(spec?.backends), ...listOf([objectOf(spec?.mirror) ?? null])].map(
        ({ service }) => service,
      );
      const keys = named.flatMap((name) => (textOf(name) === undefined ? [] : [`${namespaceOf(split)}/${name}`]));
      return inGroups(split, [...rootKeys(split), ...keys]);
    },
  },
};

/** Every collection that the derivations of this folder read. */
export const COLLECTIONS: readonly Collection<unknown>[] = [
  SETTINGS,
  NAMESPACES,
  SERVICES,
  ENDPOINT_SLICES,
  PODS,
  NODES,
  MESH_POLICIES,
  TRAFFIC_SPLITS,
  AUTHORIZATION_POLICIES,
];

/** The cluster IPs of a Service, in order; none for a headless one. */
export function clusterIpsOf({ spec }: Service): readonly string[] {
  if (spec?.type === 'ExternalName') return [];
  const all = textsOf(spec?.clusterIPs).length > 0 ? textsOf(spec?.clusterIPs) : [textOf(spec?.clusterIP) ?? ''];
  return all.filter((ip) => ip !== '' && ip !== 'None').map(canonicalAddress);
}

/** The addresses of a pod that are its own. */
export function podIpsOf({ spec, status }: Pod): readonly string[] {
  if (spec?.hostNetwork === true) return [];
  const all = [...listOf(status?.podIPs).map(({ ip }) => ip), status?.podIP].filter((ip) => textOf(ip) !== undefined);
  return [...new Set(all as readonly string[])].map(canonicalAddress);
}

function inGroups(object: KubernetesObject, groups: readonly string[]): readonly string[] {
  return groups.map((group) => groupKey(group, keyOfObject(object)));
}

function rootKeys(split: TrafficSplit): readonly string[] {
  const name = textOf(objectOf(split.spec)?.service);
  return name === undefined ? [] : [`${namespaceOf(split)}/${name}`];
}

function namespaceOf({ metadata }: { readonly metadata: { readonly namespace?: string } }): string {
  return metadata.namespace ?? '';
}
