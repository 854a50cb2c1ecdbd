import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { kebabCase, readCustomResources, walkSchema } from '../api/generate/custom-resource.ts';
import { definitionOf, FINDING_CODES } from '../findings/index.ts';
import { isMeshObject, parseManifests, validateObject } from './index.ts';
import { codedMessage, programOf } from './rules.ts';
import { hasFormWords } from './words.ts';

const ROOT = join(import.meta.dirname, '../..');
const RESOURCES = readCustomResources(join(ROOT, 'crds'));

const policy = (spec: unknown, metadata: unknown = { name: 'a' }) => ({
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'MeshPolicy',
  metadata,
  spec,
});

const codesOf = (object: unknown) => validateObject(object).map(({ code, field }) => `${code} ${field}`);

describe('the schemas', () => {
  it('have rules that all parse, and every code of a rule in the registry is used by one', () => {
    const codes = new Set<string>();
    for (const { schema } of RESOURCES) {
      walkSchema(schema, ({ 'x-kubernetes-validations': rules = [] }) => {
        for (const rule of rules) {
          programOf(rule.rule);
          codes.add(codedMessage(rule).code);
        }
      });
    }
    const registered = FINDING_CODES.filter((code) => definitionOf(code).message === '{rule}');
    assert.deepEqual([...codes].sort(), registered);
  });

  it('have words for every pattern', () => {
    const patterns = new Set<string>();
    for (const { schema } of RESOURCES) {
      walkSchema(
        schema,
        ({ pattern }, path) => path.startsWith('spec') && pattern !== undefined && patterns.add(pattern),
      );
    }
    assert.deepEqual(
      [...patterns].filter((pattern) => !hasFormWords(pattern)),
      [],
    );
  });

  for (const { kind, schema } of RESOURCES) {
    it(`have an example of ${kind} that is valid and uses every field`, () => {
      const text = readFileSync(join(ROOT, `test/golden/valid/${kebabCase(kind)}.yaml`), 'utf8');
      const used = new Set<string>();
      for (const { object } of parseManifests(text).manifests) {
        assert.deepEqual(validateObject(object), []);
        for (const path of pathsIn(object)) used.add(path);
      }
      const fields: string[] = [];
      walkSchema(schema, (_, path) => path.startsWith('spec') && !/[\]}]$/.test(path) && fields.push(path));
      assert.deepEqual(
        fields.filter((path) => !used.has(path)),
        [],
      );
    });
  }
});

function pathsIn(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => pathsIn(item, `${path}[]`))];
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, child]) => pathsIn(child, path === '' ? key : `${path}.${key}`)),
  ];
}

describe('validation of an object', () => {
  it('leaves objects of other groups alone', () => {
    assert.equal(isMeshObject({ apiVersion: 'mesh.dot-kube.io/v1', kind: 'X' }), true);
    assert.equal(isMeshObject({ apiVersion: 'mesh.dot-kube.io.example/v1', kind: 'MeshPolicy' }), false);
    assert.deepEqual(validateObject({ apiVersion: 'v1', kind: 'Service', bogus: 1 }), []);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('MeshPolicy', 'TrafficSplit', 'AuthorizationPolicy'),
        (spec, kind) => {
          validateObject({ apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata: spec, spec });
          validateObject(spec);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes null for absent, as the API server does, but not in a list', () => {
    assert.deepEqual(validateObject(policy({ mtls: null, timeouts: { request: '1s', idle: null } })), []);
    assert.deepEqual(codesOf(policy({ timeouts: { request: null } })), ['DK1007 spec.timeouts']);
    assert.deepEqual(codesOf(policy({ retries: { conditions: [null] } })), ['DK1002 spec.retries.conditions[0]']);
  });

  it('is not fooled by names of the prototype', () => {
    const spec = JSON.parse('{"__proto__": {"mtls": 1}, "constructor": 1, "mtls": {"toString": 1, "mode": "Strict"}}');
    assert.deepEqual(codesOf(policy(spec)), [
      'DK1001 spec.__proto__',
      'DK1001 spec.constructor',
      'DK1001 spec.mtls.toString',
    ]);
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    assert.deepEqual(codesOf(policy({ selector: { matchLabels: labels }, mtls: { mode: 'Strict' } })), [
      'DK1103 spec.selector.matchLabels',
    ]);
  });

  it('says where a field is that was put in the wrong place', () => {
    const [found] = validateObject(policy({ perTry: '1s' }));
    assert.equal(found?.message, 'there is no field perTry here; did you mean spec.timeouts.perTry?');
  });

  it('tells the most telling of several errors of one field', () => {
    assert.deepEqual(codesOf(policy({ mtls: { mode: 1 } })), ['DK1002 spec.mtls.mode']);
    assert.deepEqual(codesOf(policy({ timeouts: { request: 'x'.repeat(40) } })), ['DK1007 spec.timeouts.request']);
  });

  it('looks at the rules where the schema alone finds nothing that hides them', () => {
    const spec = { selector: { matchLabels: { app: 'a' } }, timeouts: { request: '1s', perTry: 'x' } };
    assert.deepEqual(codesOf(policy(spec)), ['DK1201 spec.timeouts', 'DK1006 spec.timeouts.perTry']);
    const hidden = { ...spec, mtls: { mode: 'None' } };
    assert.deepEqual(codesOf(policy(hidden)), ['DK1004 spec.mtls.mode', 'DK1006 spec.timeouts.perTry']);
  });

  it('checks the metadata that users write', () => {
    const metadata = {
      name: 'ok.name-1',
      namespace: 'not.ok',
      labels: { 'a/b/c': 'x', ok: '-', number: 'x' },
      annotations: { 'UPPER.case/x': 'any thing' },
      label: {},
    };
    assert.deepEqual(codesOf(policy({}, { ...metadata, label: undefined })), ['DK1001 metadata.label']);
    const { label: _, ...known } = metadata;
    assert.deepEqual(codesOf(policy({}, known)), [
      'DK1010 metadata.labels.ok',
      'DK1010 metadata.labels[a/b/c]',
      'DK1010 metadata.namespace',
    ]);
    assert.deepEqual(codesOf(policy({}, { generateName: 'a-' })), []);
    assert.deepEqual(codesOf(policy({}, {})), ['DK1010 metadata.name']);
    assert.deepEqual(codesOf(policy({}, { name: true })), ['DK1002 metadata.name']);
  });

  it('knows a kind and a version that are nearly right', () => {
    const messages = [
      validateObject({ apiVersion: 'mesh.dot-kube.io/v1', kind: 'MeshPolicy', metadata: { name: 'a' }, spec: {} }),
      validateObject({
        apiVersion: 'mesh.dot-kube.io/v1alpha1',
        kind: 'Meshpolicy',
        metadata: { name: 'a' },
        spec: {},
      }),
      validateObject({ apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'Gateway', metadata: { name: 'a' }, spec: {} }),
    ].map(([found]) => found?.message);
    assert.deepEqual(messages, [
      'mesh.dot-kube.io/v1 has no kind MeshPolicy; did you mean mesh.dot-kube.io/v1alpha1?',
      'mesh.dot-kube.io/v1alpha1 has no kind Meshpolicy; did you mean MeshPolicy?',
      'mesh.dot-kube.io/v1alpha1 has no kind Gateway',
    ]);
  });
});
