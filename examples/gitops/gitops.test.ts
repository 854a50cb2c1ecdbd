import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { kustomizeBase } from '../../cdk8s/output/kustomize.ts';
import { systemManifests } from '../../cdk8s/output/manifest.ts';
import { validateYaml } from '../../operator/validation/index.ts';

const HERE = import.meta.dirname;

interface Application {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly source: { readonly path: string };
    readonly syncPolicy: { readonly automated: { readonly prune: boolean } };
  };
}

interface FluxKustomization {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly path: string;
    readonly dependsOn?: readonly { readonly name: string }[];
    readonly sourceRef: { readonly name: string };
    readonly wait: boolean;
    readonly prune: boolean;
  };
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly images?: readonly { readonly name: string }[];
  readonly patches?: readonly { readonly target: { readonly kind: string }; readonly patch: string }[];
  readonly commonAnnotations?: Readonly<Record<string, string>>;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: string;
}

const read = (...path: readonly string[]): unknown => parse(readFileSync(join(HERE, ...path), 'utf8'));
const applications = globSync('argocd/applications/*.yaml', { cwd: HERE }).map((file) => read(file) as Application);
const kustomizations = globSync('flux/*.yaml', { cwd: HERE })
  .map((file) => read(file) as FluxKustomization)
  .filter(({ kind }) => kind === 'Kustomization');
const base = new Set(
  [...kustomizeBase(systemManifests(), systemManifests(), systemManifests(), systemManifests()).keys()].map(
    (path) => `dot-kube/base/${path}`,
  ),
);

/** Files of the repository that are reached from a kustomization, the synthesized base included. */
function filesFrom(folder: string): readonly string[] {
  const file = join(folder, 'kustomization.yaml');
  if (base.has(file)) return [file];
  return (read('repository', file) as Kustomization).resources.flatMap((resource) => {
    const path = join(folder, resource);
    return path.endsWith('.yaml') ? [path] : filesFrom(path);
  });
}

const waveOf = (annotations: Readonly<Record<string, string>> = {}): number =>
  Number(annotations['argocd.argoproj.io/sync-wave'] ?? 0);

describe('the applications of Argo CD', () => {
  it('lead to what is in the repository, all of it', () => {
    const found = applications.flatMap(({ spec }) => filesFrom(spec.source.path));
    for (const file of found) assert.ok(base.has(file) || existsSync(join(HERE, 'repository', file)), file);
    const policies = globSync('bookstore/**/*.yaml', { cwd: join(HERE, 'repository') });
    const missing = policies.filter((file) => !file.endsWith('kustomization.yaml') && !found.includes(file));
    assert.deepEqual(missing, []);
    assert.ok(found.includes('dot-kube/base/crds/kustomization.yaml'));
    assert.ok(found.includes('dot-kube/base/system/kustomization.yaml'));
  });

  it('come in waves: the kinds, the operator, the policies, and of these the canary last', () => {
    const ordered = applications.toSorted((a, b) => waveOf(a.metadata.annotations) - waveOf(b.metadata.annotations));
    assert.deepEqual(
      ordered.map(({ metadata }) => [waveOf(metadata.annotations), metadata.name]),
      [
        [-2, 'dot-kube-crds'],
        [-1, 'dot-kube'],
        [0, 'bookstore-mesh'],
      ],
    );
    const wave = (folder: string) =>
      waveOf((read('repository/bookstore', folder, 'kustomization.yaml') as Kustomization).commonAnnotations);
    assert.deepEqual([wave('access'), wave('traffic')], [0, 1]);
  });

  it('are all in the folder that the app of apps syncs, and the kinds are never pruned', () => {
    assert.equal((read('argocd/root.yaml') as Application).spec.source.path, 'argocd/applications');
    const kept = applications.filter(({ spec }) => !spec.syncPolicy.automated.prune);
    assert.deepEqual(
      kept.map(({ metadata }) => metadata.name),
      ['dot-kube-crds'],
    );
  });
});

describe('the Kustomizations of Flux', () => {
  it('lead to the same', () => {
    const found = kustomizations.flatMap(({ spec }) => filesFrom(spec.path.replace('./', '')));
    const applied = applications.flatMap(({ spec }) => filesFrom(spec.source.path));
    assert.deepEqual(found.toSorted(), applied.toSorted());
  });

  it('depend on each other in the same order, and each waits', () => {
    const needs = Object.fromEntries(
      kustomizations.map(({ metadata, spec }) => [metadata.name, (spec.dependsOn ?? []).map(({ name }) => name)]),
    );
    assert.deepEqual(needs, {
      'dot-kube-crds': [],
      'dot-kube': ['dot-kube-crds'],
      'bookstore-access': ['dot-kube'],
      'bookstore-traffic': ['bookstore-access'],
    });
    assert.ok(kustomizations.every(({ spec }) => spec.wait && spec.sourceRef.name === 'platform'));
  });

  it('never prune the kinds', () => {
    const kept = kustomizations.filter(({ spec }) => !spec.prune).map(({ metadata }) => metadata.name);
    assert.deepEqual(kept, ['dot-kube-crds']);
  });
});

describe('the repository', () => {
  it('has policies that the API server takes', () => {
    for (const file of globSync('repository/bookstore/*/*.yaml', { cwd: HERE })) {
      if (file.endsWith('kustomization.yaml')) continue;
      const { checked, findings } = validateYaml(readFileSync(join(HERE, file), 'utf8'), file);
      assert.deepEqual([checked, findings], [1, []], file);
    }
  });

  it('sets the image that the system has', () => {
    const { images = [] } = read('repository/dot-kube/system/kustomization.yaml') as Kustomization;
    const deployment = systemManifests({ crds: { enabled: false } }).system.find(({ kind }) => kind === 'Deployment');
    for (const { name } of images) assert.ok(JSON.stringify(deployment).includes(`"image":"${name}:`), name);
    assert.equal(images.length, 1);
  });

  it('sets the same image of proxies wherever it is', () => {
    const { patches = [] } = read('repository/dot-kube/system/kustomization.yaml') as Kustomization;
    const operations = patches.flatMap(({ patch }) => parse(patch) as readonly Operation[]);
    const replaced = operations.filter(({ op }) => op === 'replace');
    const [flag = '', expression = ''] = replaced.map(({ value }) => value);
    assert.equal(JSON.parse(expression), flag.replace('--proxy-image=', ''));
    const { system } = systemManifests({ crds: { enabled: false } });
    const [args, variable] = replaced.map(({ path }, at) => {
      const kind = patches[at]?.target.kind;
      return path
        .split('/')
        .slice(1)
        .reduce<unknown>(
          (node, step) => (node as Record<string, unknown>)[step],
          system.find((each) => each.kind === kind),
        );
    });
    assert.match(String(args), /^--proxy-image=dot-kube\/proxy:/);
    assert.equal(`--proxy-image=${JSON.parse(String(variable)) as string}`, args);
  });
});
