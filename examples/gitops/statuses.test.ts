import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { validateObject } from '../../operator/validation/index.ts';
import { generatedFiles, GROUP, SPECS } from './testing/generated-files.ts';
import { type Health, runHealthScript } from './testing/health-script.ts';
import { kstatusOf } from './testing/kstatus.ts';
import { RECORDED_CASES } from './testing/recorded-statuses.ts';

const CUSTOMIZATIONS = join(import.meta.dirname, 'argocd/resource_customizations', GROUP);
const KINDS = Object.keys(SPECS);

interface HealthTests {
  readonly tests: readonly { readonly healthStatus: Health; readonly inputPath: string }[];
}

const textOf = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

it('what is recorded is what the operator writes, and all copies of the script are the same', async () => {
  for (const [path, text] of await generatedFiles())
    assert.equal(textOf(import.meta.dirname, path), text, `${path} is stale: node examples/gitops/generate.ts`);
});

for (const kind of KINDS) {
  describe(`the health of a ${kind}`, () => {
    const file = join(CUSTOMIZATIONS, kind, 'health_test.yaml');
    const script = textOf(CUSTOMIZATIONS, kind, 'health.lua');
    const { tests } = parse(textOf(file)) as HealthTests;

    it('is tested healthy, progressing and degraded', () => {
      assert.equal(tests.length, RECORDED_CASES.length);
      const statuses = new Set(tests.map(({ healthStatus }) => healthStatus.status));
      assert.deepEqual([...statuses].toSorted(), ['Degraded', 'Healthy', 'Progressing']);
    });

    for (const { healthStatus, inputPath } of tests) {
      const object: unknown = parse(textOf(dirname(file), inputPath));
      it(`is ${healthStatus.status} for ${inputPath}`, async () => {
        assert.deepEqual(validateObject(withoutStatus(object)), [], 'the API server would not take it');
        assert.deepEqual(await runHealthScript(script, object), healthStatus);
      });
    }

    for (const { name, kstatus } of RECORDED_CASES) {
      it(`is ${kstatus} to kstatus for ${name}`, () => {
        assert.equal(kstatusOf(parse(textOf(CUSTOMIZATIONS, kind, 'testdata', `${name}.yaml`)) as object), kstatus);
      });
    }
  });
}

describe('kstatus and Argo CD', () => {
  const agreed = { Healthy: 'Current', Progressing: 'InProgress', Degraded: 'Failed' } as Record<string, string>;

  it('agree on every status that the API server lets be', () => {
    // The kinds have a default status, so an object without one is none of theirs.
    const possible = RECORDED_CASES.filter(({ status }) => status !== undefined);
    assert.equal(possible.length, RECORDED_CASES.length - 1);
    for (const { name, health, kstatus } of possible) assert.equal(agreed[health.status], kstatus, name);
  });

  it('are kept from taking a new object for done by the default status of the kinds', () => {
    for (const plural of ['authorizationpolicies', 'meshpolicies', 'trafficsplits']) {
      const crd = textOf(import.meta.dirname, `../../crds/${plural}.${GROUP}.yaml`);
      assert.match(crd, /default:\n\s+observedGeneration: -1/);
    }
  });
});

describe('the configuration of Argo CD', () => {
  const script = textOf(import.meta.dirname, 'argocd/health.lua');
  const dataOf = (file: string): Readonly<Record<string, string>> =>
    (parse(textOf(import.meta.dirname, 'argocd', file)) as { readonly data: Readonly<Record<string, string>> }).data;

  it('has the script for each kind', () => {
    const data = dataOf('argocd-cm.yaml');
    for (const kind of KINDS) assert.equal(data[`resource.customizations.health.${GROUP}_${kind}`], script);
  });

  it('has the script for the whole group', () => {
    const customizations: unknown = parse(dataOf('argocd-cm-group.yaml')['resource.customizations'] ?? '');
    assert.deepEqual(customizations, { [`${GROUP}/*`]: { 'health.lua': script } });
  });

  it('gives an Application the health of what it has synced, so that waves of Applications wait', async () => {
    const application = dataOf('argocd-cm.yaml')['resource.customizations.health.argoproj.io_Application'] ?? '';
    const healthOf = (status?: object) => runHealthScript(application, { metadata: {}, ...(status && { status }) });
    assert.equal((await healthOf()).status, 'Progressing');
    assert.equal((await healthOf({ sync: { status: 'Synced' } })).status, 'Progressing');
    const degraded = { status: 'Degraded', message: 'no' };
    assert.deepEqual(await healthOf({ health: degraded }), degraded);
    assert.deepEqual(await healthOf({ health: { status: 'Healthy' } }), { status: 'Healthy', message: '' });
  });
});

describe('the rules of kstatus', () => {
  it('take an object that is being deleted for that, whatever its status says', () => {
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    assert.equal(kstatusOf({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, status }), 'Terminating');
  });

  it('take one that only is not Ready for one that is at it, for ever', () => {
    assert.equal(kstatusOf({ status: { conditions: [{ type: 'Ready', status: 'False' }] } }), 'InProgress');
  });
});

it('the interpreter gives scripts no more of Lua than Argo CD does', async () => {
  const available = await runHealthScript(
    'return { status = "Healthy", message = tostring(string) .. tostring(io) .. tostring(os) .. type(ipairs) .. type(table) }',
    {},
  );
  assert.equal(available.message, 'nilnilnilfunctiontable');
});

it('the interpreter is given texts as they are', async () => {
  const text = 'quotes " \' ]] \\ \n é {{ }} --[[';
  const said = await runHealthScript('return { status = "Healthy", message = obj.a[1].b }', {
    a: [{ b: text }],
    c: null,
  });
  assert.equal(said.message, text);
});

function withoutStatus(object: unknown): unknown {
  const { status: _, ...rest } = object as Readonly<Record<string, unknown>>;
  return rest;
}
