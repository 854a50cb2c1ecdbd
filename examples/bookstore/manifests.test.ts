import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { validateYaml } from '../../operator/validation/index.ts';

interface Named {
  readonly name: string;
}

/** What is looked at here of any of the objects. */
interface Manifest {
  readonly kind: string;
  readonly metadata: Named & { readonly namespace?: string };
  readonly spec: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly service?: string;
    readonly backends?: readonly { readonly labels: Readonly<Record<string, string>> }[];
    readonly targetRefs?: readonly Named[];
    readonly rules?: readonly { readonly from?: readonly { readonly serviceAccounts?: readonly string[] }[] }[];
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly ports?: readonly (Named & { readonly containerPort: number })[];
        }[];
      };
    };
  };
}

const filesIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const path = join(import.meta.dirname, folder);
  const names = (await readdir(path)).filter((name) => name.endsWith('.yaml')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  return new Map(names.map((name, index) => [`${folder}/${name}`, texts[index] ?? '']));
};

const policyFiles = await filesIn('policies');
const objects: Manifest[] = [];
before(async () => {
  for (const text of [...(await filesIn('manifests')).values(), ...policyFiles.values()]) {
    for (const document of parseAllDocuments(text)) objects.push(document.toJS() as Manifest);
  }
});

const ofKind = (...kinds: readonly string[]): readonly Manifest[] => objects.filter(({ kind }) => kinds.includes(kind));
const names = (kind: string): ReadonlySet<string> => new Set(ofKind(kind).map(({ metadata }) => metadata.name));
const carries = (labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);
const podLabels = (): readonly Readonly<Record<string, string>>[] =>
  ofKind('Deployment').map(({ spec }) => spec.template?.metadata.labels ?? {});

for (const [file, text] of policyFiles) {
  test(`${file} is valid`, () => {
    const { checked, findings } = validateYaml(text, file);
    assert.ok(checked > 0);
    assert.deepEqual(findings, []);
  });
}

test('everything is in the namespace of the bookstore', () => {
  for (const { kind, metadata } of objects) {
    if (kind !== 'Namespace') assert.equal(metadata.namespace, 'bookstore', `${kind} ${metadata.name}`);
  }
});

test('every Deployment runs a program that exists, under a service account that exists', async () => {
  const programs = await readdir(join(import.meta.dirname, 'services'));
  for (const { metadata, spec } of ofKind('Deployment')) {
    const file = spec.template?.spec.containers[0]?.command[1] ?? '';
    assert.ok(programs.includes(file.replace('examples/bookstore/services/', '')), `${metadata.name}: ${file}`);
    assert.ok(names('ServiceAccount').has(spec.template?.spec.serviceAccountName ?? ''), metadata.name);
  }
});

test('every Service has pods, and they name its target port', () => {
  for (const { metadata, spec } of ofKind('Service')) {
    const pods = ofKind('Deployment').filter((each) =>
      carries(each.spec.template?.metadata.labels ?? {}, spec.selector ?? { never: '' }),
    );
    assert.ok(pods.length > 0, metadata.name);
    for (const pod of pods) {
      const [port] = pod.spec.template?.spec.containers[0]?.ports ?? [];
      assert.deepEqual([port?.name, port?.containerPort], [spec.ports?.[0]?.targetPort, spec.ports?.[0]?.port]);
    }
  }
});

test('every policy names Services, service accounts and labels that exist', () => {
  for (const { metadata, spec } of ofKind('MeshPolicy', 'AuthorizationPolicy', 'TrafficSplit')) {
    for (const { name } of spec.targetRefs ?? []) assert.ok(names('Service').has(name), `${metadata.name}: ${name}`);
    if (spec.service !== undefined) assert.ok(names('Service').has(spec.service), metadata.name);
    for (const { labels } of spec.backends ?? [])
      assert.ok(
        podLabels().some((pod) => carries(pod, labels)),
        metadata.name,
      );
    for (const { from } of spec.rules ?? []) {
      for (const account of from?.flatMap(({ serviceAccounts }) => serviceAccounts ?? []) ?? []) {
        assert.ok(names('ServiceAccount').has(account), `${metadata.name}: ${account}`);
      }
    }
  }
});
