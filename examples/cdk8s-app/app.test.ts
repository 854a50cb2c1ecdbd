import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Canary } from './canary.ts';

const DOTKUBE = join(import.meta.dirname, '../../operator/cli/main.ts');

describe('the cdk8s app', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dot-kube-cdk8s-app-'));
  after(() => rmSync(directory, { recursive: true }));

  /** `dotkube validate DIRECTORY` as CI runs it: exit code, and what it says. */
  const validate = (folder: string): { readonly status: number | null; readonly stdout: string } =>
    spawnSync(process.execPath, [DOTKUBE, 'validate', folder], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });

  it('writes a file for each environment, and dotkube validate has nothing to say against them', () => {
    const dist = join(directory, 'dist');
    execFileSync(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, CDK8S_OUTDIR: dist },
    });
    const files = readdirSync(dist).toSorted();
    assert.deepEqual(files, ['bookstore-staging.k8s.yaml', 'bookstore.k8s.yaml']);
    const names = files.flatMap((file) =>
      parseAllDocuments(readFileSync(join(dist, file), 'utf8')).map((document) => {
        const { kind, metadata } = document.toJS() as { kind: string; metadata: { namespace: string; name: string } };
        return `${metadata.namespace} ${kind}/${metadata.name}`;
      }),
    );
    assert.deepEqual(names, [
      'bookstore-staging TrafficSplit/reviews',
      'bookstore-staging MeshPolicy/reviews',
      'bookstore-staging AuthorizationPolicy/reviews',
      'bookstore TrafficSplit/reviews',
      'bookstore MeshPolicy/reviews',
      'bookstore AuthorizationPolicy/reviews',
    ]);
    const { status, stdout } = validate(dist);
    assert.deepEqual([status, /6 objects/.test(stdout)], [0, true], stdout);
  });

  it('is stopped in CI when it makes something that the API server would refuse', () => {
    const outdir = join(directory, 'wrong');
    const app = new App({ outdir });
    const wrong = new Canary(app, 'wrong', { namespace: 'bookstore', service: 'reviews', percent: 110, callers: [] });
    app.synth();
    const { status, stdout } = validate(outdir);
    assert.equal(wrong.node.id, 'wrong');
    assert.equal(status, 1);
    assert.match(stdout, /wrong\.k8s\.yaml:\d+:\d+.*\n?.*spec\.backends\[0\]\.weight/);
  });
});
