import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { join } from 'node:path';
import { type CustomResource, readCustomResources } from '../../../operator/api/generate/custom-resource.ts';
import { AUTHORIZATION_POLICY, MESH_POLICY, TRAFFIC_SPLIT } from '../../../operator/api/index.ts';
import { findCondition, type KubernetesObject } from '../../../operator/framework/index.ts';
import { validateObject } from '../../../operator/validation/index.ts';
import { type MeshPod, ROOT } from '../harness/index.ts';
import { endpoints, NAMESPACE, RealMesh, service } from '../mesh/harness/index.ts';
import { Chance, sampleOf } from '../validation/schema-samples.ts';

const RESOURCES = readCustomResources(join(ROOT, 'crds'));
const ROUNDS = Number(process.env['TAKEN_ROUNDS'] ?? 4);
const SEED = Number(process.env['TAKEN_SEED'] ?? 1);
const SERVICES = Array.from({ length: 16 }, (_, index) => `s${index}`);
const HTTP = [{ port: 80, targetPort: 8080, appProtocol: 'http' }];

const scope = new AsyncDisposableStack();
let mesh: RealMesh;
let web: MeshPod;

before(async () => {
  mesh = scope.use(await RealMesh.start());
  web = scope.use(await mesh.pod({ app: 'web' }));
  for (const [index, name] of SERVICES.entries()) {
    await mesh.apply(service(name, `10.96.1.${index + 1}`, HTTP, 'web'), endpoints(name, [web], HTTP));
  }
  // What nobody calls is not sent to any proxy.
  for (const index of SERVICES.keys()) await web.call(`10.96.1.${index + 1}`, 80);
});
after(() => scope.disposeAsync());

/** A valid object of a kind that is about one Service, or about the pod; undefined when chance made an invalid one. */
function sample({ kind, schema }: CustomResource, about: string, chance: Chance): KubernetesObject | undefined {
  const spec = sampleOf(schema.properties?.['spec'] ?? {}, chance) as Record<string, unknown>;
  if (kind === 'TrafficSplit') {
    spec['service'] = about;
    delete spec['port'];
    for (const backend of [...list(spec['backends']), spec['mirror'] as Backend | undefined])
      if (backend?.service !== undefined) backend.service = chance.pick(SERVICES);
  } else {
    delete spec['selector'];
    delete spec['targetRefs'];
    if (kind === 'AuthorizationPolicy' && chance.once(2)) spec['selector'] = { matchLabels: { app: 'web' } };
    else spec['targetRefs'] = [{ kind: 'Service', name: about }];
  }
  const object = {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind,
    metadata: { namespace: NAMESPACE, name: about },
    spec,
  };
  return validateObject(object).length === 0 ? object : undefined;
}

interface Backend {
  service?: string;
}

function list(value: unknown): readonly Backend[] {
  return Array.isArray(value) ? (value as readonly Backend[]) : [];
}

async function statusOf(object: KubernetesObject): Promise<string> {
  const found = findCondition((await mesh.status(object))?.conditions, 'Programmed');
  return found === undefined ? 'none' : `${found.status} ${found.reason} ${found.message}`;
}

test(`what the API server takes and the status accepts is taken by Envoy (${ROUNDS} rounds, seed ${SEED})`, async () => {
  const chance = new Chance(SEED);
  const seen = { programmed: 0, refused: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const objects = SERVICES.flatMap((about) => RESOURCES.flatMap((resource) => sample(resource, about, chance) ?? []));
    await mesh.apply(...objects);
    for (const object of objects) {
      const deadline = performance.now() + 10_000;
      let status = await statusOf(object);
      while (!/^(True|False NotAccepted|False Rejected)/.test(status) && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        status = await statusOf(object);
      }
      const told = `${JSON.stringify(object, undefined, 1)}\n${status}`;
      assert.match(status, /^(True|False NotAccepted)/, told);
      if (status.startsWith('True')) seen.programmed += 1;
      else seen.refused += 1;
    }
    await mesh.deleteAll(AUTHORIZATION_POLICY, MESH_POLICY, TRAFFIC_SPLIT);
  }
  assert.ok(seen.programmed > 10 * ROUNDS, `${JSON.stringify(seen)}: too few were compared`);
});
