import { networkInterfaces } from 'node:os';
import { runCommand } from '../../../operator/local/tools/command.ts';
import type { ClusterState } from './cluster-state.ts';
import { type NodeSpace, runInNode } from './node-space.ts';

/** The addresses of a cluster. Its pods and Services have the same ones in every cluster, as only its own nodes know them. */
export interface Addresses {
  /** The API server's, which the machine reaches too. */
  readonly control: string;
  /** The machine's own. */
  readonly machine: string;
  readonly node: (index: number) => string;
  readonly podsOf: (index: number) => string;
}

export const POD_CIDR = '10.244.0.0/16';

/** The addresses of the cluster with the subnet 198.18.<subnet>.0/24, of the range that is set aside for test beds (RFC 2544). */
export function addressesOf(subnet: number): Addresses {
  const at = (host: number) => `198.18.${subnet}.${host}`;
  return {
    control: at(1),
    machine: at(254),
    node: (index) => at(10 + index),
    podsOf: (index) => `10.244.${index}.0/24`,
  };
}

/** A subnet that the machine has no address in. */
export function freeSubnet(): number {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address.replace(/\.\d+$/, '')) ?? []),
  );
  for (let subnet = 0; subnet < 256; subnet += 1) if (!taken.has(`198.18.${subnet}`)) return subnet;
  throw new Error('every subnet of 198.18.0.0/16 is in use on this machine: end other test clusters');
}

/**
 * Connects the spaces: a bridge in `control` with a leg in each node and one on the machine, and routes to the pods of each node. Of the
 * machine it touches nothing but that leg, which goes with `control`.
 */
export async function connect(
  state: ClusterState,
  subnet: number,
  control: NodeSpace,
  nodes: readonly NodeSpace[],
): Promise<void> {
  const addresses = addressesOf(subnet);
  const link = `dotkube${subnet}`;
  await state.record({ kind: 'link', link, subnet });
  await ip(control, [
    'link add fabric type bridge forward_delay 0',
    `addr add ${addresses.control}/24 dev fabric`,
    'link set fabric up',
    ...nodes.flatMap(({ name, pid }) => [
      `link add ${name} type veth peer name eth0 netns ${pid}`,
      `link set ${name} master fabric up`,
    ]),
    ...nodes.map((_, index) => `route add ${addresses.podsOf(index + 1)} via ${addresses.node(index + 1)}`),
  ]);
  await machine(['link', 'add', link, 'type', 'veth', 'peer', 'name', 'machine', 'netns', String(control.pid)]);
  await ip(control, ['link set machine master fabric up']);
  await machine(['addr', 'add', `${addresses.machine}/24`, 'dev', link]);
  await machine(['link', 'set', link, 'up']);
  for (const [index, node] of nodes.entries()) {
    await ip(node, [
      `addr add ${addresses.node(index + 1)}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${addresses.control}`,
      ...nodes.flatMap((_, other) =>
        other === index ? [] : [`route add ${addresses.podsOf(other + 1)} via ${addresses.node(other + 1)}`],
      ),
    ]);
    await runInNode(node, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'], { enter: 'network' });
    const outside = `-t nat -A POSTROUTING -s ${POD_CIDR} ! -d ${POD_CIDR} -o eth0 -j MASQUERADE`;
    await runInNode(node, ['iptables', '-w', ...outside.split(' ')]);
  }
}

async function ip(space: NodeSpace, lines: readonly string[]): Promise<void> {
  // Process ids in it are the machine's.
  await runInNode(space, ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n`, enter: 'network' });
}

async function machine(args: readonly string[]): Promise<void> {
  const { exitCode, tail } = await runCommand('ip', args);
  if (exitCode !== 0) throw new Error(`ip ${args.join(' ')}: ${tail}`);
}
