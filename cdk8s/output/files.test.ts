import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { committedFiles, outputFiles } from './files.ts';

const SYNTH = join(import.meta.dirname, '../synth.ts');
const GOLDEN = join(import.meta.dirname, '../golden');

describe('what is synthesized', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dot-kube-synth-'));
  after(() => rmSync(directory, { recursive: true }));
  const files = outputFiles();
  const objectsOf = (path: string): readonly unknown[] =>
    parseAllDocuments(files.get(path) ?? '').map((document): unknown => document.toJS());

  it('is what is committed of it', () => {
    for (const [path, text] of committedFiles(files))
      assert.equal(readFileSync(join(GOLDEN, path), 'utf8'), text, `${path} is stale: npm run synth`);
  });

  it('is the same bytes in another process, time zone, language and folder, and with other ways of cdk8s', () => {
    const env = {
      ...process.env,
      TZ: 'Asia/Tokyo',
      LANG: 'tr_TR.UTF-8',
      CDK8S_DISABLE_SORT: '1',
      CDK8S_OUTDIR: '/nowhere',
    };
    execFileSync(process.execPath, [SYNTH, '--output', join(directory, 'out')], { cwd: directory, env });
    for (const [path, text] of files) assert.equal(readFileSync(join(directory, 'out', path), 'utf8'), text, path);
  });

  it('is told from what is stale, each file by its name', () => {
    const golden = join(directory, 'golden');
    cpSync(GOLDEN, golden, { recursive: true });
    const check = () => spawnSync(process.execPath, [SYNTH, '--check', '--golden', golden], { encoding: 'utf8' });
    assert.deepEqual([check().status, check().stdout], [0, '']);
    appendFileSync(join(golden, 'system.yaml'), '# changed\n');
    writeFileSync(join(golden, 'left-over.yaml'), '');
    rmSync(join(golden, 'permissions.md'));
    const { status, stdout } = check();
    const named = (name: string) => `cdk8s/golden/${name} is stale: run npm run synth\n`;
    assert.deepEqual([status, stdout], [1, ['left-over.yaml', 'system.yaml', 'permissions.md'].map(named).join('')]);
  });

  it('is the same objects as plain YAML and as a kustomize base', () => {
    const baseOf = (system: string) =>
      ['kustomize/crds/crds.yaml', `kustomize/${system}/system.yaml`].flatMap(objectsOf);
    assert.equal(baseOf('system').length, 22);
    assert.deepEqual(baseOf('system'), objectsOf('install.yaml'));
    assert.equal(baseOf('system-webhook').length, 15);
    assert.deepEqual(baseOf('system-webhook'), objectsOf('install-webhook.yaml'));
  });

  it('has the agent of the CNI plugin in a component alone, which makes any base capture by it', () => {
    const kindsOf = (path: string) => objectsOf(path).map((object) => (object as { kind: string }).kind);
    assert.deepEqual(kindsOf('kustomize/cni/objects.yaml').toSorted(), [
      'ClusterRole',
      'ClusterRoleBinding',
      'DaemonSet',
      'Namespace',
      'Role',
      'RoleBinding',
      'ServiceAccount',
    ]);
    for (const path of ['install.yaml', 'install-webhook.yaml']) assert.ok(!kindsOf(path).includes('DaemonSet'), path);
    const { patches } = parse(files.get('kustomize/cni/kustomization.yaml') ?? '') as {
      readonly patches: readonly { readonly target: { readonly kind: string }; readonly patch: string }[];
    };
    const [deployment, ...others] = patches;
    assert.match(deployment?.patch ?? '', /args\/1\n {2}value: --proxy-capture=cni\n$/);
    assert.ok(others.every(({ target }) => target.kind.endsWith('AdmissionPolicy')));
  });

  it('has nothing in it that is of one time or one machine, and no certificate', () => {
    const text = [...files.values()].join('\n');
    assert.doesNotMatch(
      text,
      /creationTimestamp: *(null|["\d])|caBundle|BEGIN [A-Z ]*(CERTIFICATE|KEY)|genCA|randAlpha|\bnow\b *[|}]/,
    );
  });
});
