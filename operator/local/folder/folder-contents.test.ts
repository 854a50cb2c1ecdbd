import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptFiles, diffFolder, type FileVersion, folderObjects } from './folder-contents.ts';
import { readManifest } from './manifest.ts';

const service = (name: string, port = 80): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ports: [{ port: ${port} }] }
`;

const good = (text: string): FileVersion => ({ objects: readManifest(text), problems: [] });
const bad = (text: string): FileVersion => ({
  objects: readManifest(text),
  problems: [{ file: 'a.yaml', line: 3, column: 1, level: 'error', code: 'DK1001', message: 'no' }],
});

test('a file with several documents and a List gives all of their objects, with their places', () => {
  const text = `# shop\n---${service('a')}---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: b}\n---\n# nothing\n---\njust: words\n`;
  const found = readManifest(text);
  assert.deepEqual(
    found.map(({ object, line }) => [object.metadata.name, line]),
    [
      ['a', 3],
      ['b', 8],
    ],
  );
});

test('a document that does not parse hides only itself', () => {
  assert.deepEqual(
    readManifest(`${service('a')}---\na: [\n---${service('b')}`).map(({ object }) => object.metadata.name),
    ['a', 'b'],
  );
});

test('a file with an error stays in force as it was, and the others change', () => {
  const first = acceptFiles(
    new Map(),
    new Map([
      ['a.yaml', good(service('a'))],
      ['b.yaml', good(service('b'))],
    ]),
  );
  const second = acceptFiles(
    first,
    new Map([
      ['a.yaml', bad(service('a', 81))],
      ['b.yaml', good(service('b', 81))],
    ]),
  );
  const { apply, remove } = diffFolder(folderObjects(first).objects, folderObjects(second).objects);
  assert.deepEqual([apply.map(({ metadata }) => metadata.name), remove], [['b'], []]);
});

test('a file that never was good gives nothing, and one that is gone takes its objects along', () => {
  const first = acceptFiles(new Map(), new Map([['a.yaml', bad(service('a'))]]));
  assert.equal(folderObjects(first).objects.size, 0);
  const before = folderObjects(acceptFiles(new Map(), new Map([['a.yaml', good(service('a'))]]))).objects;
  const { apply, remove } = diffFolder(before, folderObjects(acceptFiles(new Map(), new Map())).objects);
  assert.deepEqual([apply, remove.map(({ metadata }) => metadata.name)], [[], ['a']]);
});

test('of two files that say the same object the first has it, and the other is told of', () => {
  const files = new Map([
    ['b.yaml', good(service('a', 2))],
    ['a.yaml', good(service('a', 1))],
  ]);
  const { objects, problems } = folderObjects(files);
  assert.deepEqual(
    [...objects.values()].map(({ spec }) => spec),
    [{ ports: [{ port: 1 }] }],
  );
  assert.deepEqual(
    problems.map(({ file, message }) => [file, message]),
    [['b.yaml', 'Service shop/a is in a.yaml:2 already; this one is left out']],
  );
});

test('the order of keys is no change', () => {
  const reordered = service('a').replace('{ name: a, namespace: shop }', '{ namespace: shop, name: a }');
  const before = folderObjects(new Map([['a.yaml', good(service('a'))]])).objects;
  const after = folderObjects(new Map([['a.yaml', good(reordered)]])).objects;
  assert.deepEqual(diffFolder(before, after), { apply: [], remove: [] });
});

test('namespaces come first and go last', () => {
  const text = `${service('a')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: ignored}\n`;
  const { objects } = folderObjects(new Map([['a.yaml', good(text)]]));
  const kinds = (list: readonly { readonly kind: string }[]) => list.map(({ kind }) => kind);
  assert.deepEqual(kinds(diffFolder(new Map(), objects).apply), ['Namespace', 'Service']);
  assert.deepEqual(kinds(diffFolder(objects, new Map()).remove), ['Service', 'Namespace']);
});
