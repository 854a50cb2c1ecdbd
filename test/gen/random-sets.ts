import { join } from 'node:path';
import { type CustomResource, readCustomResources } from '../../operator/api/generate/custom-resource.ts';
import type { KubernetesObject } from '../../operator/framework/index.ts';
import { validateObject } from '../../operator/validation/index.ts';
import { Chance, sampleOf } from '../integration/validation/schema-samples.ts';
import { NAMESPACES, randomCoreObject, SERVICE_NAMES } from './random-objects.ts';

const RESOURCES = readCustomResources(join(import.meta.dirname, '..', '..', 'crds'));

/** Valid objects of all kinds, of which no two have the same kind and name; the same for the same seed. */
export function randomSet(seed: number, most = 48): readonly KubernetesObject[] {
  const chance = new Chance(seed);
  const objects = new Map<string, KubernetesObject>();
  for (let count = 12 + chance.below(most - 12); count > 0; count -= 1) {
    const object = chance.once(2) ? randomPolicy(chance) : randomCoreObject(chance);
    if (object !== undefined) objects.set(keyOf(object), object);
  }
  return [...objects.values()];
}

/** An object of one of our kinds with any of its fields; undefined when chance made one that an API server would refuse. */
export function randomPolicy(chance: Chance): KubernetesObject | undefined {
  const { kind, schema }: CustomResource = chance.pick(RESOURCES);
  const spec = sampleOf(schema.properties?.['spec'] ?? {}, chance) as Record<string, unknown>;
  aim(kind, spec, chance);
  const object = {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind,
    metadata: {
      namespace: chance.pick(NAMESPACES),
      name: chance.pick(['p', 'q', 'r']),
      uid: `uid-${chance.below(1000)}`,
      generation: 1,
      creationTimestamp: `2026-01-01T00:00:0${chance.below(4)}Z`,
    },
    spec,
  };
  return validateObject(object).length === 0 ? object : undefined;
}

/** Lets it be about what there is. */
function aim(kind: string, spec: Record<string, unknown>, chance: Chance): void {
  if (kind === 'TrafficSplit') {
    spec['service'] = chance.pick(SERVICE_NAMES);
    if (chance.once(2)) delete spec['port'];
    const backends = Array.isArray(spec['backends']) ? (spec['backends'] as Backend[]) : [];
    for (const backend of [...backends, spec['mirror'] as Backend | undefined]) {
      if (backend?.service !== undefined) backend.service = chance.pick(SERVICE_NAMES);
    }
    return;
  }
  delete spec['selector'];
  delete spec['targetRefs'];
  const dice = chance.below(4);
  if (dice === 0) spec['selector'] = { matchLabels: { app: chance.pick(['web', 'api', 'reviews']) } };
  else if (dice < 3) spec['targetRefs'] = [{ kind: 'Service', name: chance.pick(SERVICE_NAMES) }];
}

interface Backend {
  service?: string;
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`;
}
