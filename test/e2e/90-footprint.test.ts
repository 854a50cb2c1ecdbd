import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROXY_CONTAINER } from '../../operator/build/pod-class.ts';
import { NAMESPACE } from '../scenarios/bookstore.ts';
import { E2eCluster, IMAGES } from './harness/cluster.ts';
import { measured, measurements } from './harness/measurements.ts';
import { SYSTEM_NAMESPACE } from './harness/system.ts';

interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly containers?: readonly {
      readonly name: string;
      readonly memory?: { readonly rssBytes?: number; readonly workingSetBytes?: number };
    }[];
  }[];
}

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[] };
  }[];
}

const MB = 1_000_000;
const inMb = (bytes: number): number => Math.round((bytes / MB) * 10) / 10;

describe('the footprint', () => {
  let cluster: E2eCluster;
  before(async () => {
    cluster = await E2eCluster.open();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('of operator, proxies and images is measured', { timeout: 60_000 }, async () => {
    const nodes = await cluster.read<Nodes>('nodes');
    const summaries = await Promise.all(
      nodes.items.map(async ({ metadata }) => {
        const text = await cluster.kubectl('get', '--raw', `/api/v1/nodes/${metadata.name}/proxy/stats/summary`);
        return JSON.parse(text) as Summary;
      }),
    );
    const pods = summaries.flatMap((summary) => summary.pods);
    const memory = (namespace: string, container: string): readonly number[] =>
      pods
        .filter(({ podRef }) => podRef.namespace === namespace)
        .flatMap(({ containers = [] }) => containers.filter(({ name }) => name === container))
        .flatMap(({ memory: used }) => (used?.rssBytes === undefined ? [] : [used.rssBytes]))
        .toSorted((a, b) => a - b);
    const operators = memory(SYSTEM_NAMESPACE, 'operator');
    const proxies = memory(NAMESPACE, PROXY_CONTAINER);
    assert.ok(operators.length > 0 && proxies.length > 0, 'the kubelet tells nothing of our containers');
    const listed = nodes.items.flatMap(({ status }) => status.images ?? []);
    const sizeOf = (image: string): number =>
      listed.find(({ names }) => names.some((name) => name.endsWith(cluster.imageName(image as 'proxy'))))?.sizeBytes ??
      0;
    await measured({
      operatorRssMb: operators.map(inMb),
      proxyRssMb: { median: inMb(proxies[Math.floor(proxies.length / 2)] ?? 0), most: inMb(proxies.at(-1) ?? 0) },
      proxies: proxies.length,
      imageMb: Object.fromEntries(IMAGES.map((image) => [image, inMb(sizeOf(image))])),
    });
    process.stdout.write(`${JSON.stringify({ footprint: await measurements() })}\n`);
  });
});
