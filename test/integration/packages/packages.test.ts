import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { manifestYaml, systemManifests } from '../../../cdk8s/system/index.ts';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { ROOT } from '../harness/index.ts';

const APP = `import { App, Chart, YamlOutputType } from 'cdk8s';
import { TrafficSplit } from '@dot-kube/cdk8s';
import { manifestYaml, systemManifests, SystemChart } from '@dot-kube/cdk8s/system';

const app = new App({ outdir: process.argv[2], yamlOutputType: YamlOutputType.FILE_PER_APP });
const backends = [{ name: 'v1', labels: { version: 'v1' }, weight: 1 }];
new TrafficSplit(new Chart(app, 'shop'), 'reviews', { spec: { service: 'reviews', backends } });
new SystemChart(app, 'system', { injection: { by: 'Webhook' } });
app.synth();
const { crds, system } = systemManifests();
process.stdout.write(manifestYaml([...crds, ...system]));
`;

describe('packages that are built, below node_modules', () => {
  let project: string;
  before(
    async () => {
      project = await scratchDirectory('packages');
      const build = [join(ROOT, 'test/tools/build.ts'), '--output', join(project, 'built')];
      const { exitCode, tail } = await runCommand(process.execPath, build, { cwd: ROOT });
      assert.equal(exitCode, 0, tail);
      await install(project);
      await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    },
    { timeout: 300_000 },
  );
  after(async () => rm(project, { recursive: true, force: true }));

  /** Runs a program of the project with Node.js as it is. Throws with what it said. */
  const run = async (program: string, ...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, tail } = await runCommand(program, args, { cwd: project });
    assert.equal(exitCode, 0, `${stdout}${tail}`);
    return stdout;
  };

  it('synthesize policies, and the system with its kinds, as the checkout does', async () => {
    await writeFile(join(project, 'app.js'), APP);
    const { crds, system } = systemManifests();
    assert.equal(await run(process.execPath, 'app.js', 'out'), manifestYaml([...crds, ...system]).trimEnd());
    const synthesized = await readFile(join(project, 'out/app.k8s.yaml'), 'utf8');
    assert.match(synthesized, /kind: TrafficSplit/);
    assert.match(synthesized, /kind: MutatingWebhookConfiguration/);
  });

  it('have types for an app in TypeScript, which finds what is wrong in it', { timeout: 120_000 }, async () => {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const check = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node', 'app.ts'];
    await writeFile(join(project, 'app.ts'), APP.replace('process.argv[2]', "'out'"));
    await run(tsc, ...check, '--skipLibCheck');
    await writeFile(
      join(project, 'app.ts'),
      APP.replace('process.argv[2]', "'out'").replace('weight: 1', "weight: '1'"),
    );
    await assert.rejects(run(tsc, ...check, '--skipLibCheck'), /TS2322/);
  });

  it('have a dotkube that knows its version and validates', async () => {
    const main = join(project, 'node_modules/@dot-kube/operator/cli/main.js');
    assert.match(await run(process.execPath, main, 'version'), /0\.1\.0/);
    await run(process.execPath, main, 'validate', join(ROOT, 'examples/bookstore/policies/strict-mtls.yaml'));
  });
});

/** As npm does: the packages themselves copied, and what they need beside them. */
async function install(project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@dot-kube'), { recursive: true });
  for (const name of ['proxy', 'operator', 'cdk8s'])
    await cp(join(project, 'built', name), join(modules, '@dot-kube', name), { recursive: true });
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@dot-kube' && !name.startsWith('.'))
      await symlink(join(ROOT, 'node_modules', name), join(modules, name));
}
