import type { InboundPolicy, Workload } from '@dot-kube/proxy/model';
import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicyRule } from '../../api/index.ts';
import { compareText } from '../lenient.ts';
import type { Peers } from './peers.ts';
import { EVERY_PORT, type PortRange } from './pod-marks.ts';

/** What the pods of one class take in, and where connections go past their proxies. */
export interface ClassInbound {
  readonly workload: Pick<Workload, 'ports' | 'other'>;
  readonly uncaptured: readonly PortRange[];
}

/** The ports of every proxy that answer anybody: probes, and readiness with metrics. Never captured. */
const PROXY_PORTS: readonly PortRange[] = [{ first: 15_020, last: 15_021 }];

/** What only TCP is captured of: the mesh decides nothing about the rest. */
const OTHER_PROTOCOLS: readonly NetworkPolicyPort[] = [{ protocol: 'SCTP' }, { protocol: 'UDP' }];

/** Ports for which the same holds. */
interface PortSpan extends PortRange {
  readonly peers: Peers;
}

/**
 * What pods of these classes take in together, as rules of a NetworkPolicy; nothing where anybody may connect to all of their
 * ports, and they need none.
 */
export function ingressRules(
  classes: readonly ClassInbound[],
  peersOf: (inbound: InboundPolicy) => Peers,
): readonly NetworkPolicyRule[] | undefined {
  const spans = spansOf(classes, peersOf);
  const open = spans.filter(({ peers }) => peers === 'anybody');
  if (open.length === spans.length) return undefined;
  const groups = new Map<string, { readonly from: readonly NetworkPolicyPeer[]; readonly ports: PortRange[] }>();
  for (const { first, last, peers } of spans) {
    if (peers === 'anybody' || peers.length === 0) continue;
    const key = JSON.stringify(peers);
    const group = groups.get(key) ?? { from: peers, ports: [] };
    groups.set(key, group);
    group.ports.push({ first, last });
  }
  return [
    { ports: [...open.map(portOf), ...OTHER_PROTOCOLS] },
    ...[...groups]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, { from, ports }]) => ({ from, ports: joined(ports, open).map(portOf) })),
  ];
}

/** Every port once, in order; neighbours of which the same holds are one. */
function spansOf(classes: readonly ClassInbound[], peersOf: (inbound: InboundPolicy) => Peers): readonly PortSpan[] {
  const firsts = new Set([EVERY_PORT.first]);
  const open = classes.map(({ uncaptured }) => [...PROXY_PORTS, ...uncaptured]);
  for (const { first, last } of open.flat()) firsts.add(first).add(last + 1);
  for (const { workload } of classes) for (const { port } of workload.ports) firsts.add(port).add(port + 1);
  const starts = [...firsts].filter((port) => port <= EVERY_PORT.last).sort((a, b) => a - b);
  const spans: PortSpan[] = [];
  for (const [index, first] of starts.entries()) {
    const last = (starts[index + 1] ?? EVERY_PORT.last + 1) - 1;
    const peers = together(
      classes.map(({ workload }, at) => {
        if (open[at]?.some((range) => range.first <= first && first <= range.last) === true) return 'anybody';
        return peersOf(workload.ports.find(({ port }) => port === first) ?? workload.other);
      }),
    );
    const before = spans.at(-1);
    const isSame = before !== undefined && JSON.stringify(before.peers) === JSON.stringify(peers);
    if (isSame) spans[spans.length - 1] = { first: before.first, last, peers };
    else spans.push({ first, last, peers });
  }
  return spans;
}

/** Whoever may connect to one of them. */
function together(all: readonly Peers[]): Peers {
  const found = new Map<string, NetworkPolicyPeer>();
  for (const peers of all) {
    if (peers === 'anybody') return peers;
    for (const peer of peers) found.set(JSON.stringify(peer), peer);
  }
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([, peer]) => peer);
}

/** Ports of one rule as few ranges: what is open to anybody may be in them. */
function joined(ranges: readonly PortRange[], open: readonly PortRange[]): readonly PortRange[] {
  const found: PortRange[] = [];
  for (const range of ranges) {
    const last = found.at(-1);
    const isNext = last !== undefined && isOpenBetween(last.last + 1, range.first - 1, open);
    if (isNext) found[found.length - 1] = { first: last.first, last: range.last };
    else found.push(range);
  }
  return found.map(({ first, last }) => ({
    first: isOpenBetween(EVERY_PORT.first, first - 1, open) ? EVERY_PORT.first : first,
    last: isOpenBetween(last + 1, EVERY_PORT.last, open) ? EVERY_PORT.last : last,
  }));
}

function isOpenBetween(first: number, last: number, open: readonly PortRange[]): boolean {
  return first > last || open.some((range) => range.first <= first && last <= range.last);
}

function portOf({ first, last }: PortRange): NetworkPolicyPort {
  if (first === EVERY_PORT.first && last === EVERY_PORT.last) return { protocol: 'TCP' };
  return { protocol: 'TCP', port: first, ...(last > first && { endPort: last }) };
}
