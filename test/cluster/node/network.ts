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

/**
 * Connects the spaces: a bridge in `control` with a leg in each node and one on the machine, and routes to the pods of each node. Of the
 * machine it touches nothing but that leg, which goes with `control`. Returns the addresses, in a subnet that nobody here uses.
 */
export async function connect(
  state: ClusterState,
  control: NodeSpace,
  nodes: readonly NodeSpace[],
): Promise<Addresses> {
  const addresses = addressesOf(await takeSubnet(state, control));
  await ip(control, [
    'link add fabric type bridge forward_delay 0',
    `addr add ${addresses.control}/24 dev fabric`,
    'link set fabric up',
    'link set machine master fabric up',
    ...nodes.flatMap(({ name, pid }) => [
      `link add ${name} type veth peer name eth0 netns ${pid}`,
      `link set ${name} master fabric up`,
    ]),
    ...nodes.map((_, index) => `route add ${addresses.podsOf(index + 1)} via ${addresses.node(index + 1)}`),
  ]);
  await Promise.all(nodes.map((node, index) => connectNode(node, index + 1, nodes.length, addresses)));
  return addresses;
}

async function connectNode(node: NodeSpace, index: number, count: number, addresses: Addresses): Promise<void> {
  const others = Array.from({ length: count }, (_, other) => other + 1).filter((other) => other !== index);
  await ip(node, [
    `addr add ${addresses.node(index)}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${addresses.control}`,
    ...others.map((other) => `route add ${addresses.podsOf(other)} via ${addresses.node(other)}`),
  ]);
  await runInNode(node, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward'], { enter: 'network' });
  const outside = `-t nat -A POSTROUTING -s ${POD_CIDR} ! -d ${POD_CIDR} -o eth0 -j MASQUERADE`;
  await runInNode(node, ['iptables', '-w', ...outside.split(' ')]);
}

/** Makes the machine's leg. Its name takes the subnet: of two clusters that come up at once, one has it. */
async function takeSubnet(state: ClusterState, control: NodeSpace): Promise<number> {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address.replace(/\.\d+$/, '')) ?? []),
  );
  for (let subnet = 0; subnet < 256; subnet += 1) {
    if (taken.has(`198.18.${subnet}`)) continue;
    const link = `dotkube${subnet}`;
    const add = ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'machine', 'netns', String(control.pid)];
    const { exitCode, tail } = await runCommand('ip', add);
    if (exitCode !== 0 && tail.includes('File exists')) continue;
    if (exitCode !== 0) throw new Error(`ip ${add.join(' ')}: ${tail}`);
    await state.record({ kind: 'link', link });
    await machine(['addr', 'add', `${addressesOf(subnet).machine}/24`, 'dev', link]);
    await machine(['link', 'set', link, 'up']);
    return subnet;
  }
  throw new Error('every subnet of 198.18.0.0/16 is in use on this machine: end other test clusters');
}

async function ip(space: NodeSpace, lines: readonly string[]): Promise<void> {
  // Process ids in it are the machine's.
  await runInNode(space, ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n`, enter: 'network' });
}

async function machine(args: readonly string[]): Promise<void> {
  const { exitCode, tail } = await runCommand('ip', args);
  if (exitCode !== 0) throw new Error(`ip ${args.join(' ')}: ${tail}`);
}
