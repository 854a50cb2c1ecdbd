import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseManifests } from './manifest.ts';
import { validateYaml } from './validate-yaml.ts';

const objectsIn = (text: string) => parseManifests(text).manifests.map(({ object }) => object);

describe('manifests', () => {
  it('are taken out of several documents and out of lists; empty documents are skipped', () => {
    const text =
      '# comment\n---\nkind: A\n---\n---\nkind: List\nitems:\n- kind: B\n- kind: CList\n  items: [{kind: C}]\n';
    assert.deepEqual(objectsIn(text), [{ kind: 'A' }, { kind: 'B' }, { kind: 'C' }]);
  });

  it('may be JSON', () => {
    assert.deepEqual(objectsIn('{"kind": "A", "n": 1, "t": "on"}'), [{ kind: 'A', n: 1, t: 'on' }]);
  });

  it('have aliases and merges in their places, own fields before merged ones', () => {
    const text = 'base: &b {x: 1, z: 2}\nlist:\n- <<: *b\n  x: 3\n- *b\n- <<: [{x: 5}, *b]\n';
    assert.deepEqual(objectsIn(text)[0]?.['list'], [
      { x: 3, z: 2 },
      { x: 1, z: 2 },
      { x: 5, z: 2 },
    ]);
  });

  it('have keys of the prototype as any other', () => {
    const [object] = objectsIn('__proto__: {polluted: true}\n');
    assert.equal(Object.hasOwn(object ?? {}, '__proto__'), true);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('say where each field is, also in lists, merges and behind aliases', () => {
    const text =
      'kind: List\nitems:\n  - kind: A\n    base: &b\n      x: 1\n    own:\n      <<: *b\n      z: [1, 2]\n    also: *b\n';
    const [manifest] = parseManifests(text).manifests;
    const at = (field?: string, of?: 'key' | 'value') => {
      const { line, column } = manifest?.positionOf(field, of) ?? { line: 0, column: 0 };
      return `${line}:${column}`;
    };
    assert.equal(at(), '3:5');
    assert.equal(at('kind'), '3:11');
    assert.equal(at('kind', 'key'), '3:5');
    assert.equal(at('own'), '6:5');
    assert.equal(at('own.z[1]'), '8:14');
    assert.equal(at('own.x'), '5:10');
    assert.equal(at('also.x'), '5:10');
    assert.equal(at('own.missing.deeper'), '6:5');
    assert.equal(at('nothing'), '3:5');
  });

  it('that cannot be read are told with their place, and the others are there', () => {
    const { manifests, errors } = parseManifests('kind: A\n---\nkind: B\nkind: C\n---\nkind: [D\n---\njust text\n');
    assert.deepEqual(
      manifests.map(({ object }) => object),
      [{ kind: 'A' }],
    );
    assert.deepEqual(
      errors.map(({ line, message }) => [line, message]),
      [
        [4, 'Map keys must be unique'],
        [7, 'Flow sequence in block collection must be sufficiently indented and end with a ]'],
        [8, 'a document has to be an object'],
      ],
    );
  });

  it('are no bombs: aliases that multiply are refused', () => {
    const levels = Array.from({ length: 20 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at}, `.repeat(9)}*l${at}]`);
    const { manifests, errors } = parseManifests(`l0: &l0 x\n${levels.join('\n')}\n`);
    assert.deepEqual(manifests, []);
    assert.equal(errors.length, 1);
  });
});

describe('validation of YAML', () => {
  const bad =
    'apiVersion: mesh.dot-kube.io/v1alpha1\nkind: MeshPolicy\nmetadata: {name: a}\nspec:\n  mtsl: {mode: Strict}\n';

  it('names file, line and column, in the order of the file', () => {
    const { findings } = validateYaml(
      `${bad}---\n${bad.replace('mtsl', 'mtls').replace('Strict', 'strict')}`,
      'mesh.yaml',
    );
    assert.deepEqual(
      findings.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`),
      ['mesh.yaml:5:3 DK1001', 'mesh.yaml:11:16 DK1004'],
    );
  });

  it('counts what it looked at and what it left alone', () => {
    const { checked, skipped } = validateYaml(`${bad}---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n`, 'x');
    assert.deepEqual([checked, skipped], [1, 1]);
  });

  it('says of what kubectl could not apply at all that it is no object', () => {
    const { findings } = validateYaml('name: values of something else\n', 'values.yaml');
    assert.deepEqual(
      findings.map(({ code, line, message }) => [code, line, message]),
      [['DK1000', 1, 'cannot be read: an object needs the texts apiVersion and kind']],
    );
  });

  it('sees what YAML 1.1 makes of words', () => {
    const { findings } = validateYaml(bad.replace('mtsl: {mode: Strict}', 'selector: {matchLabels: {app: on}}'), 'x');
    assert.deepEqual(
      findings.map(({ message }) => message),
      ['has to be text, and is true'],
    );
  });
});
