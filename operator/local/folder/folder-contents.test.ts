import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FileVersion, readVersion } from './file-version.ts';
import { acceptFiles, diffFolder, folderObjects } from './folder-contents.ts';

const service = (name: string, port = 80): string => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { ports: [{ port: ${port} }] }
`;

const SPLIT = 'apiVersion: mesh.dot-kube.io/v1alpha1\nkind: TrafficSplit\nmetadata: {name: x}\nspec: {servce: a}\n';
const good = (text: string): FileVersion => readVersion(text, 'a.yaml');
const bad = (text: string): FileVersion => readVersion(`${text}---\n${SPLIT}`, 'a.yaml');
const names = (list: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[]): string[] =>
  list.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

test('a file with several documents and a List gives all of their objects, with their places', () => {
  const text = `# shop\n---${service('a')}---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: b}\n---\n# nothing\n---\njust: words\n`;
  const { objects: found, findings } = readVersion(text, 'a.yaml');
  assert.deepEqual(
    found.map(({ object, line }) => [object.metadata.name, line]),
    [
      ['a', 3],
      ['b', 11],
    ],
  );
  assert.deepEqual(
    findings.map(({ code, line }) => [code, line]),
    [['DK1000', 17]],
  );
});

test('what is wrong with an object of ours is found at its line and column', () => {
  assert.deepEqual(
    bad(service('a')).findings.map(({ code, line, column }) => [code, line, column]),
    [
      ['DK1003', 10, 1],
      ['DK1003', 10, 1],
      ['DK1001', 10, 8],
    ],
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
  assert.deepEqual([names(apply), remove], [['Service b'], []]);
});

test('a file that never was good gives nothing, and one that is gone takes its objects along', () => {
  const first = acceptFiles(new Map(), new Map([['a.yaml', bad(service('a'))]]));
  assert.equal(folderObjects(first).objects.size, 0);
  const before = folderObjects(acceptFiles(new Map(), new Map([['a.yaml', good(service('a'))]]))).objects;
  const { apply, remove } = diffFolder(before, folderObjects(acceptFiles(new Map(), new Map())).objects);
  assert.deepEqual([apply, names(remove)], [[], ['Service a', 'Namespace shop']]);
});

test('of two files that say the same object the first has it, and the other is told of', () => {
  const files = new Map([
    ['b.yaml', good(service('a', 2))],
    ['a.yaml', good(service('a', 1))],
  ]);
  const { objects, findings } = folderObjects(files);
  assert.deepEqual(objects.get('/Service/shop/a')?.spec, { ports: [{ port: 1 }] });
  assert.deepEqual(
    findings.map(({ file, line, message }) => [file, line, message]),
    [['b.yaml', 2, 'Service a (also in a.yaml:2) is there twice']],
  );
});

test('a namespace that no file makes is there, without labels', () => {
  const { objects } = folderObjects(new Map([['a.yaml', good(service('a'))]]));
  assert.deepEqual(objects.get('/Namespace//shop')?.metadata, { name: 'shop' });
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
