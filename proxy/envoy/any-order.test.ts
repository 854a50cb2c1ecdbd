import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { EndpointSet, MeshSettings, Service, Workload } from '../model/index.ts';
import {
  addressEndpointResource,
  encodeResource,
  endpointResource,
  type EnvoyResource,
  explicitListeners,
  headlessTcpResources,
  meshResources,
  type ProxyPlacement,
  serviceResources,
  sortResources,
  workloadResources,
} from './index.ts';

interface Model {
  readonly settings: MeshSettings;
  readonly services?: readonly Service[];
  readonly endpoints?: readonly EndpointSet[];
  readonly workload?: Workload;
  readonly placement?: ProxyPlacement;
}

const GOLDENS = join(import.meta.dirname, '../../test/golden/envoy');

describe('the same bytes for the same model, in whatever order its lists are', () => {
  for (const { name } of readdirSync(GOLDENS, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    test(name.replaceAll('-', ' '), () => {
      const model = JSON.parse(readFileSync(join(GOLDENS, name, 'model.json'), 'utf8')) as Model;
      const expected = bytesOf(model);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(1_000_000)), (numbers) => {
          const shuffled = shuffle(model, () => numbers.next().value ?? 0) as Model;
          assert.deepEqual(bytesOf(shuffled), expected);
        }),
        { numRuns: 8 },
      );
    });
  }
});

function bytesOf({ settings, services = [], endpoints = [], workload, placement }: Model): readonly string[] {
  const clusters = new Map(
    services.flatMap(({ ports }) => ports.flatMap((port) => port.clusters)).map((cluster) => [cluster.name, cluster]),
  );
  const sets = new Map(endpoints.map((set) => [set.cluster, set]));
  const client = { region: 'eu', zone: 'eu-1' };
  const ports = services.flatMap((service) => service.ports);
  const headless = services.flatMap(({ ref, ports: all, causes }) =>
    all.filter((port) => port.headless).map((port) => ({ service: ref, port, causes })),
  );
  const resources: readonly EnvoyResource[] = [
    ...services.flatMap((service) => serviceResources(service, (name) => clusters.get(name))),
    ...endpoints.flatMap((set) => {
      const cluster = clusters.get(set.cluster);
      return cluster === undefined
        ? []
        : [endpointResource(set, cluster, client), ...(cluster.headless ? headlessTcpResources(cluster, set) : [])];
    }),
    ...ports.flatMap((port) => port.addresses.map((address) => addressEndpointResource(address, port, sets, client))),
    ...(workload === undefined ? [] : workloadResources(workload, settings)),
    ...(workload === undefined || placement === undefined ? [] : explicitListeners(placement, workload, settings)),
    ...meshResources(settings, headless),
  ];
  return sortResources(resources).map((resource) =>
    JSON.stringify([
      resource.type,
      resource.name,
      resource.refs,
      resource.causes,
      Buffer.from(encodeResource(resource)).toString('hex'),
    ]),
  );
}

/** All lists in another order but the rules of a route, of which the first that matches decides. */
function shuffle(value: unknown, next: () => number, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item): [number, unknown] => [next(), shuffle(item, next)]);
    const isRoute =
      key === 'rules' && value.some((item) => typeof item === 'object' && item !== null && 'backends' in item);
    return (isRoute ? items : items.sort(([a], [b]) => a - b)).map(([, item]) => item);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shuffle(inner, next, name)]));
}
