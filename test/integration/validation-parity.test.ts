import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type CustomResource, readCustomResources } from '../../operator/api/generate/custom-resource.ts';
import { definitionOf, type Finding, type FindingCode, FINDING_CODES } from '../../operator/findings/index.ts';
import { fieldOf } from '../../operator/framework/api/json.ts';
import { isMeshObject, parseManifests, validateObject } from '../../operator/validation/index.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { KubectlError } from '../cluster/kubectl.ts';
import { type ServerVerdict, type VerdictClient, verdictClient } from './validation/api-server-verdict.ts';
import { Chance, mutated, sampleOf } from './validation/schema-samples.ts';

const ROOT = join(import.meta.dirname, '../..');
const GOLDEN = join(ROOT, 'test/golden');
const RESOURCES = readCustomResources(join(ROOT, 'crds'));
const SAMPLES = Number(process.env['PARITY_SAMPLES'] ?? 700);
const SEED = Number(process.env['PARITY_SEED'] ?? 1);

for (const release of ['newest', 'oldest'] as const) {
  // What differs between releases is how they read the rules, which takes fewer objects to see.
  const samples = release === 'newest' ? SAMPLES : Math.ceil(SAMPLES / 5);

  describe(`the API server of the ${release} Kubernetes and offline validation`, () => {
    let controlPlane: ControlPlane;
    let client: VerdictClient;

    before(async () => {
      controlPlane = await startControlPlane({ release });
      await controlPlane.kubectl('apply', '--server-side', '--force-conflicts', '-f', join(ROOT, 'crds'));
      const names = RESOURCES.map(({ plural, group }) => `crd/${plural}.${group}`);
      await controlPlane.kubectl('wait', '--for=condition=Established', '--timeout=30s', ...names);
      client = await verdictClient(controlPlane.kubeconfig);
    });

    after(async () => {
      client[Symbol.dispose]();
      await controlPlane.stop();
    });

    for (const resource of RESOURCES) {
      it(`say the same of ${samples} objects of the kind ${resource.kind}, and name the same fields`, async () => {
        const objects = sampledObjects(resource, samples);
        const verdicts = await Promise.all(objects.map((object) => client.ask(resource.plural, object)));
        for (const [at, verdict] of verdicts.entries()) assertSame(objects[at], verdict);
        const taken = verdicts.filter((verdict) => verdict.taken).length;
        // Either sort has to be there, or nothing was compared.
        assert.ok(taken > samples / 20 && taken < samples * 0.9, `${taken} of ${samples} are valid`);
      });
    }

    for (const file of readdirSync(join(GOLDEN, 'valid'))) {
      it(`take ${file}`, async () => {
        for (const { object } of parseManifests(readFileSync(join(GOLDEN, 'valid', file), 'utf8')).manifests) {
          const resource = RESOURCES.find(({ kind }) => kind === object['kind']);
          const moved = { ...object, metadata: { name: fieldOf(object['metadata'], 'name') } };
          assertSame(moved, await client.ask(resource?.plural ?? '', moved));
          assert.deepEqual(validateObject(moved), []);
        }
      });
    }

    // Codes of injection are about pods, which the API server alone would take.
    const stored = (each: FindingCode): boolean => definitionOf(each).effect !== 'unstored';
    for (const code of FINDING_CODES.filter((each) => !stored(each) && !each.startsWith('DK4'))) {
      it(`refuse the bad example of ${code}`, async () => {
        const text = readFileSync(join(GOLDEN, 'findings', code, 'bad.yaml'), 'utf8');
        const refusal = await refusalOf(controlPlane, text.replaceAll('namespace: shop', 'namespace: default'));
        const findings = parseManifests(text).manifests.flatMap(({ object }) => validateObject(object));
        for (const found of findings.filter(hasPlace)) {
          const isNamed = comparable(refusal).includes(comparable(found.field ?? '')) || refusal.includes(`(${code})`);
          assert.ok(isNamed, `neither ${found.field} nor ${code} is in: ${refusal}`);
        }
      });
    }

    for (const code of FINDING_CODES.filter(stored)) {
      it(`take the example of ${code}, which only the objects around it make bad`, async () => {
        const text = readFileSync(join(GOLDEN, 'findings', code, 'bad.yaml'), 'utf8');
        for (const { object } of parseManifests(text).manifests.filter(({ object: each }) => isMeshObject(each))) {
          const resource = RESOURCES.find(({ kind }) => kind === object['kind']);
          const moved = { ...object, metadata: { name: fieldOf(object['metadata'], 'name') } };
          assert.deepEqual(await client.ask(resource?.plural ?? '', moved), {
            taken: true,
            fields: [],
            codes: [],
            message: '',
          });
        }
      });
    }

    it('kubectl reads YAML as our golden file says, and so as our reader does', async () => {
      const file = join(GOLDEN, 'yaml/scalars.yaml');
      const read = await controlPlane.kubectl(
        'create',
        '--dry-run=client',
        '--validate=false',
        '-o',
        'json',
        '-f',
        file,
      );
      assert.deepEqual(JSON.parse(read), JSON.parse(readFileSync(join(GOLDEN, 'yaml/expected.json'), 'utf8')));
    });
  });
}

function sampledObjects({ kind, schema }: CustomResource, count: number): readonly unknown[] {
  const chance = new Chance(SEED);
  return Array.from({ length: count }, () => {
    const spec = sampleOf(schema.properties?.['spec'] ?? {}, chance);
    const metadata = { name: 'sample', labels: { app: 'x' }, annotations: { note: 'y' } };
    const object = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata, spec };
    if (chance.once(8)) return object;
    return { ...object, ...(mutated(chance.once(8) ? { metadata } : { spec }, chance) as object) };
  });
}

function assertSame(object: unknown, verdict: ServerVerdict): void {
  const findings = validateObject(object);
  const told = `${JSON.stringify(object)}\nAPI server: ${verdict.message}\nhere: ${JSON.stringify(findings)}`;
  assert.equal(findings.length === 0, verdict.taken, told);
  const fields = findings.map(({ field = '' }) => comparable(field));
  for (const field of verdict.fields.map(comparable)) {
    // Of labels and annotations the API server names the map, and we the key.
    const isNamed = fields.some((own) => own === field || (own.startsWith('metadata ') && own.startsWith(`${field} `)));
    assert.ok(isNamed, `${field} is not named: ${told}`);
  }
  for (const code of verdict.codes) {
    assert.ok(
      findings.some((found) => found.code === code),
      `${code} is missing: ${told}`,
    );
  }
}

/** What kubectl says when it is refused. */
async function refusalOf({ kubectl }: ControlPlane, yaml: string): Promise<string> {
  try {
    await kubectl.input(yaml, 'create', '--dry-run=server', '--validate=strict', '-f', '-');
  } catch (error) {
    if (error instanceof KubectlError) return error.stderr;
    throw error;
  }
  assert.fail(`it is taken:\n${yaml}`);
}

/** Whether the API server names the place: of a kind that it does not know it can name none. */
function hasPlace({ code }: Finding): boolean {
  return code !== 'DK1009';
}

/** The API server writes a map's key after a dot, in brackets, or in brackets and quotes. */
function comparable(field: string): string {
  return field.replaceAll(/[.[\]"'/]+/g, ' ').trim();
}
