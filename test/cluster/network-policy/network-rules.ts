import { isIPv4 } from 'node:net';
import type { Namespace, NetworkPolicy, Pod } from '../../../operator/api/index.ts';
import type { EvaluatedCase, EvaluatedPeer, Evaluation } from '../../tools/network-policy-evaluator.ts';

/** What the rules of a network follow from. */
export interface NetworkState {
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
  readonly policies: readonly NetworkPolicy[];
  /** Addresses that are no pod's and may reach pods, as those of nodes. */
  readonly outside: readonly string[];
}

/** The name of the table of nftables. */
export const TABLE = 'dot_kube_network_policies';

const PROTOCOLS = ['TCP', 'UDP'] as const;
const LAST_PORT = 65_535;

/** The question whose answer are the rules: from every address to every pod, at the first of each range of ports that policies tell apart. */
export function networkCase({ namespaces, outside, pods, policies }: NetworkState): EvaluatedCase {
  const labelsOf = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  const to = pods.flatMap((pod): readonly EvaluatedPeer[] => {
    const { namespace = '', labels = {} } = pod.metadata;
    const ip = addressOf(pod);
    return ip === undefined ? [] : [{ ip, namespace, labels, namespaceLabels: labelsOf.get(namespace) ?? {} }];
  });
  return {
    policies: policies.flatMap(ingressOnly),
    from: [...to, ...outside.map((ip) => ({ ip }))],
    to,
    ports: PROTOCOLS.flatMap((protocol) => rangeStarts(policies).map((number) => ({ number, protocol }))),
  };
}

/** The whole table, for `nft -f`: it takes the place of the one that is there. */
export function networkRules({ from, ports, to }: EvaluatedCase, isAllowed: Evaluation): string {
  const isolated = to.filter((_, at) => from.some((_, peer) => ports.some((_, port) => !isAllowed(peer, at, port))));
  const allowed = to.flatMap((pod, at) => {
    if (!isolated.includes(pod)) return [];
    return from.flatMap((peer, source) =>
      ports.flatMap(({ number, protocol }, port) => {
        // A pod always reaches itself.
        if (peer.ip !== pod.ip && !isAllowed(source, at, port)) return [];
        const next = ports[port + 1];
        const last = next?.protocol === protocol ? next.number - 1 : LAST_PORT;
        return [`${peer.ip} . ${pod.ip} . ${protocol.toLowerCase()} . ${number}-${last}`];
      }),
    );
  });
  return `add table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
  set isolated {
    type ipv4_addr
    ${elements(isolated.map(({ ip }) => ip))}
  }
  set allowed {
    type ipv4_addr . ipv4_addr . inet_proto . inet_service
    flags interval
    ${elements(allowed)}
  }
  chain forward {
    type filter hook forward priority 10; policy accept;
    ct state established,related accept
    # The node itself, as its kubelet.
    fib saddr type local accept
    meta l4proto { tcp, udp } ip daddr @isolated ip saddr . ip daddr . meta l4proto . th dport != @allowed counter drop
  }
}
`;
}

function elements(all: readonly string[]): string {
  return all.length === 0 ? '' : `elements = { ${all.join(', ')} }`;
}

/** The address of a pod that has a network of its own and runs. */
function addressOf({ spec, status }: Pod): string | undefined {
  const { phase, podIP = '' } = status ?? {};
  const ended = phase === 'Succeeded' || phase === 'Failed';
  return ended || spec?.hostNetwork === true || !isIPv4(podIP) ? undefined : podIP;
}

function ingressOnly(policy: NetworkPolicy): readonly NetworkPolicy[] {
  const { ingress = [], podSelector = {}, policyTypes = ['Ingress'] } = policy.spec ?? {};
  return policyTypes.includes('Ingress')
    ? [{ ...policy, spec: { podSelector, policyTypes: ['Ingress'], ingress } }]
    : [];
}

/** Where verdicts may change: at each port that is named, and after it. */
function rangeStarts(policies: readonly NetworkPolicy[]): readonly number[] {
  const named = policies
    .flatMap(({ spec }) => spec?.ingress ?? [])
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ endPort, port }) => (port === undefined ? [] : [port, (endPort ?? port) + 1]));
  const starts = new Set([0, ...named.map(checkedPort)].filter((port) => port <= LAST_PORT));
  return [...starts].toSorted((a, b) => a - b);
}

function checkedPort(port: number | string): number {
  if (typeof port === 'number') return port;
  throw new Error(`a NetworkPolicy names the port ${port}: only numbers can be enforced here`);
}
