import { isIPv4 } from 'node:net';
import type {
  AuthorizationPolicy,
  AuthorizationPolicyRuleFrom,
  AuthorizationPolicyRuleTo,
  MeshPolicy,
  Pod,
} from '../../../operator/api/index.ts';
import { type Case, SYSTEM } from './cases.ts';

/** Who connects: a pod, or an address outside of the cluster. */
export type Caller = Pod | string;

type Mode = 'Strict' | 'Permissive' | 'Disabled';
type Labels = Readonly<Record<string, string>>;
/** An identity, or that there is none. */
type Peer = { readonly namespace: string; readonly account: string } | undefined;

/**
 * Whether the network should let a TCP connection to a pod in, by the sentences of the documentation read anew: shares no code with
 * what generates NetworkPolicies.
 */
export function shouldBeLetIn(all: Case, caller: Caller, to: Pod, port: number): boolean {
  if (to.metadata.labels?.['mesh.dot-kube.io/status'] !== 'injected' || !isWanted(all, to)) return true;
  return all.pods.some(
    (pod) => isMeshed(pod) && isWanted(all, pod) && areAlike(all, pod, to) && takes(all, caller, pod, port),
  );
}

/** Whether the pod, told from others by labels that some policy asks for alone, takes any connection of the caller. */
function takes(all: Case, caller: Caller, to: Pod, port: number): boolean {
  if (port === 15020 || port === 15021 || isUncaptured(to, port)) return true;
  const mode = modeOf(all, to, port);
  const inside = networksOf(all);
  if (mode !== 'Strict') {
    const lets = (address: string): boolean => decides(all, to, port, undefined, (from) => isFrom(from, address));
    // Addresses that pods may have are told by namespace alone.
    const tells = inside.some((network) => addressesIn(network).some(lets));
    if (typeof caller === 'string' ? lets(caller) : tells || lets(addressOf(caller))) return true;
  }
  if (mode === 'Disabled' || typeof caller === 'string') return false;
  const lets = (peer: Peer): boolean => {
    const can = (from: AuthorizationPolicyRuleFrom): boolean =>
      inside.some((network) => addressesIn(network).some((ip) => isFrom(from, ip)));
    const must = (from: AuthorizationPolicyRuleFrom): boolean =>
      inside.every((network) => addressesIn(network).every((ip) => isFrom(from, ip)));
    return decides(all, to, port, peer, can, must);
  };
  const { namespace = '' } = caller.metadata;
  const neighbours = all.pods.filter((pod) => isMeshed(pod) && pod.metadata.namespace === namespace);
  if (neighbours.some((pod) => !isMarked(pod) && lets(identityOf(pod)))) return true;
  if (caller.metadata.labels?.['mesh.dot-kube.io/status'] !== 'injected') return false;
  if (isMarked(caller)) {
    if (lets(identityOf(caller))) return true;
    // No label tells an account with a long name from one that nobody names.
    return accountOf(caller).length > 63 && lets({ namespace, account: 'nobody-names-it' });
  }
  // Such a pod looks like one whose account has a long name, or none that a policy names.
  return lets({ namespace, account: 'nobody-names-it' }) || lets({ namespace, account: 'a'.repeat(64) });
}

/** Deny before Allow, and the first Allow closes. What asks about requests fits for Allow, and does not for Deny. */
function decides(
  all: Case,
  to: Pod,
  port: number,
  peer: Peer,
  can: (from: AuthorizationPolicyRuleFrom) => boolean,
  must = can,
): boolean {
  const policies = all.authorization.filter(
    (policy) => policy.spec.mode !== 'DryRun' && applies(all, policy, to, port),
  );
  const fits = (policy: AuthorizationPolicy, isDenial: boolean, isThere: typeof can): boolean =>
    (policy.spec.rules ?? []).some(
      ({ from, to: operations }) =>
        (from === undefined || from.some((each) => isPeer(each, peer, policy, isDenial) && isThere(each))) &&
        (operations === undefined || operations.some((each) => isOperation(all, each, to, port, isDenial))),
    );
  if (policies.some((policy) => policy.spec.action === 'Deny' && fits(policy, true, must))) return false;
  const allows = policies.filter((policy) => policy.spec.action === 'Allow');
  return allows.length === 0 || allows.some((policy) => fits(policy, false, can));
}

function isOperation(all: Case, to: AuthorizationPolicyRuleTo, pod: Pod, port: number, isDenial: boolean): boolean {
  if (to.ports !== undefined && !to.ports.includes(port)) return false;
  if (to.notPorts?.includes(port) === true) return false;
  const asks = to.methods !== undefined || to.notMethods !== undefined || to.paths !== undefined;
  return !asks || (!isDenial && !isTcp(all, pod, port));
}

function isPeer(
  from: AuthorizationPolicyRuleFrom,
  peer: Peer,
  policy: AuthorizationPolicy,
  isDenial: boolean,
): boolean {
  const own = policy.metadata.namespace ?? '';
  const positive = [
    from.principals?.map((text) => isPrincipal(text, peer)),
    from.serviceAccounts?.map((text) => isAccount(text, peer, own)),
    from.namespaces?.map((text) => isNamespace(text, peer)),
  ];
  if (positive.some((list) => list !== undefined && !list.includes(true))) return false;
  const negative = [
    ...(from.notPrincipals ?? []).map((text) => isPrincipal(text, peer)),
    ...(from.notServiceAccounts ?? []).map((text) => isAccount(text, peer, own)),
    ...(from.notNamespaces ?? []).map((text) => isNamespace(text, peer)),
  ];
  if (negative.length > 0 && peer === undefined) return isDenial;
  return !negative.includes(true);
}

function isPrincipal(text: string, peer: Peer): boolean {
  return peer !== undefined && isLike(`spiffe://cluster.local/ns/${peer.namespace}/sa/${peer.account}`, text);
}

function isAccount(text: string, peer: Peer, own: string): boolean {
  const [namespace, account] = text.includes('/') ? text.split('/') : [own, text];
  return peer?.namespace === namespace && peer?.account === account;
}

function isNamespace(text: string, peer: Peer): boolean {
  return peer !== undefined && isLike(peer.namespace, text);
}

function isLike(text: string, pattern: string): boolean {
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function isFrom({ ipBlocks, notIpBlocks }: AuthorizationPolicyRuleFrom, address: string): boolean {
  if (ipBlocks !== undefined && !ipBlocks.some((block) => isInside(address, block))) return false;
  return notIpBlocks?.some((block) => isInside(address, block)) !== true;
}

function isInside(address: string, block: string): boolean {
  const [base = '', length = '32'] = block.split('/');
  if (!isIPv4(base)) return false;
  const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

/** The /24 of every pod: what stands for where pods may be. */
function networksOf({ pods }: Case): readonly string[] {
  return [...new Set(pods.map((pod) => addressOf(pod).split('.').slice(0, 3).join('.')))];
}

/** No block of a case has a part of such a network. */
function addressesIn(network: string): readonly string[] {
  return [`${network}.0`, `${network}.255`];
}

/** Whether the policy speaks of the port of the pod. */
function applies(
  { services }: Case,
  { metadata, spec }: AuthorizationPolicy | MeshPolicy,
  pod: Pod,
  port: number | 'any',
): boolean {
  const isHere = metadata.namespace === pod.metadata.namespace;
  if (spec.targetRefs !== undefined) {
    return (
      isHere &&
      spec.targetRefs.some((target) =>
        services.some(
          (service) =>
            service.metadata.namespace === metadata.namespace &&
            service.metadata.name === target.name &&
            has(pod, service.spec?.selector ?? {}) &&
            (service.spec?.ports ?? []).some(
              ({ name, targetPort = 0 }) =>
                (target.sectionName === undefined || target.sectionName === name) &&
                (port === 'any' || portIn(pod, targetPort) === port),
            ),
        ),
      )
    );
  }
  if (spec.selector !== undefined)
    return (isHere || metadata.namespace === SYSTEM) && has(pod, spec.selector.matchLabels);
  return isHere || metadata.namespace === SYSTEM;
}

function has(pod: Pod, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);
}

function portIn(pod: Pod, target: number | string): number | undefined {
  if (typeof target === 'number') return target;
  return pod.spec?.containers?.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)?.containerPort;
}

/** A port is TCP when all who speak of it say so: Services first, and else the container. */
function isTcp({ services }: Case, pod: Pod, port: number): boolean {
  const said = services
    .filter(({ metadata, spec }) => metadata.namespace === pod.metadata.namespace && has(pod, spec?.selector ?? {}))
    .flatMap(({ spec }) => (spec?.ports ?? []).filter(({ targetPort = 0 }) => portIn(pod, targetPort) === port))
    .map(({ appProtocol }) => appProtocol ?? 'unsaid');
  if (said.length > 0) return said.includes('tcp') && !said.includes('http');
  return (
    pod.spec?.containers?.some(({ ports = [] }) =>
      ports.some((each) => each.containerPort === port && each.name?.startsWith('tcp-') === true),
    ) === true
  );
}

/** From the most specific: selected pods, a Service's port, a Service, the namespace, pods that the mesh selects, the mesh. */
function layerOf({ metadata, spec }: MeshPolicy): number {
  if (spec.selector !== undefined) return metadata.namespace === SYSTEM ? 1 : 0;
  if (spec.targetRefs !== undefined) return 3;
  return metadata.namespace === SYSTEM ? 0 : 2;
}

function rankOf(policy: MeshPolicy): number {
  if (policy.spec.selector !== undefined && policy.metadata.namespace !== SYSTEM) return 5;
  if (policy.spec.targetRefs?.some(({ sectionName }) => sectionName !== undefined) === true) return 4;
  return layerOf(policy);
}

function firstFirst(a: MeshPolicy, b: MeshPolicy): number {
  const text = ({ metadata }: MeshPolicy): string =>
    `${metadata.creationTimestamp} ${metadata.namespace} ${metadata.name}`;
  return rankOf(b) - rankOf(a) || (text(a) < text(b) ? -1 : 1);
}

/** The most specific layer that speaks of the port decides; in it, what names the port goes before what does not. */
function modeOf(all: Case, pod: Pod, port: number): Mode {
  const policies = all.mesh.filter((policy) => applies(all, policy, pod, port)).sort(firstFirst);
  for (const rank of [5, 4, 3, 2, 1, 0]) {
    const layer = policies.filter((policy) => rankOf(policy) === rank).map(({ spec }) => spec.mtls);
    const named = layer.flatMap((mtls) => mtls?.ports?.find((each) => each.port === port)?.mode ?? []);
    const general = layer.flatMap((mtls) => mtls?.mode ?? []);
    const [mode] = [...named, ...general];
    if (mode !== undefined) return mode;
  }
  return 'Permissive';
}

function isWanted(all: Case, pod: Pod): boolean {
  const policies = all.mesh.filter((policy) => applies(all, policy, pod, 'any')).sort(firstFirst);
  return policies.find(({ spec }) => spec.networkPolicy !== undefined)?.spec.networkPolicy === 'Generate';
}

/** Whether two pods cannot be told apart by any label that a policy about connections asks for. */
function areAlike(all: Case, a: Pod, b: Pod): boolean {
  if (a.metadata.namespace !== b.metadata.namespace) return false;
  const namespace = a.metadata.namespace ?? '';
  const authorization = all.authorization.filter(({ spec }) => spec.action !== 'Audit' && spec.mode !== 'DryRun');
  const mesh = all.mesh.filter(({ spec }) => spec.mtls !== undefined || spec.networkPolicy !== undefined);
  const asked = [...authorization, ...mesh].flatMap(({ metadata, spec }): readonly Labels[] => {
    if (spec.selector !== undefined && [namespace, SYSTEM].includes(metadata.namespace ?? ''))
      return [spec.selector.matchLabels];
    if (metadata.namespace !== namespace) return [];
    return (spec.targetRefs ?? []).flatMap(({ name }) =>
      all.services
        .filter((service) => service.metadata.namespace === namespace && service.metadata.name === name)
        .map((service) => service.spec?.selector ?? {}),
    );
  });
  return asked
    .flatMap(Object.entries)
    .every(
      ([key, value]: [string, string]) => (a.metadata.labels?.[key] === value) === (b.metadata.labels?.[key] === value),
    );
}

function isUncaptured(pod: Pod, port: number): boolean {
  const text = pod.metadata.annotations?.['mesh.dot-kube.io/exclude-inbound-ports'] ?? '';
  return text.split(',').some((entry) => {
    const [first = 0, last = first] = entry === '' ? [] : entry.split('-').map(Number);
    return first <= port && port <= last && first > 0;
  });
}

/** Whether the pod has a proxy. */
export function isMeshed({ metadata }: Pod): boolean {
  return [metadata.labels, metadata.annotations].some((map) => map?.['mesh.dot-kube.io/status'] === 'injected');
}

/** Whether labels say that the pod has a proxy, and as whom it runs if that can be said. */
function isMarked(pod: Pod): boolean {
  const labels = pod.metadata.labels ?? {};
  const account = accountOf(pod);
  const said = account.length > 63 ? undefined : account;
  return labels['mesh.dot-kube.io/status'] === 'injected' && labels['mesh.dot-kube.io/service-account'] === said;
}

export function accountOf({ spec }: Pod): string {
  return spec?.serviceAccountName ?? 'default';
}

export function addressOf({ status }: Pod): string {
  return status?.podIP ?? '';
}

function identityOf(pod: Pod): Peer {
  return { namespace: pod.metadata.namespace ?? '', account: accountOf(pod) };
}
