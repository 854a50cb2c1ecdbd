import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Component } from './component.ts';
import { spdxOf } from './sbom.ts';

interface Document {
  readonly documentNamespace: string;
  readonly packages: readonly { readonly SPDXID: string; readonly name: string; readonly checksums?: unknown }[];
  readonly relationships: readonly { readonly spdxElementId: string; readonly relatedSpdxElement: string }[];
}

const SUBJECT = { name: 'dot-kube/a', version: '1.2.3', architecture: 'amd64', created: 0 };
const COMPONENTS: readonly Component[] = [
  { name: '@b/c', version: '1.0.0', purl: 'pkg:npm/%40b/c@1.0.0', license: 'MIT', purpose: 'LIBRARY' },
  {
    name: 'libgmp10',
    version: '2:6.2.1+dfsg1-1.1',
    purl: 'pkg:deb/debian/libgmp10@2%3A6.2.1%2Bdfsg1-1.1?arch=amd64',
    checksum: { algorithm: 'SHA256', value: 'ab' },
    purpose: 'LIBRARY',
  },
];

test('lists the image and each of its components once, in whatever order they come', () => {
  const document = spdxOf(SUBJECT, COMPONENTS);
  const { packages, relationships } = JSON.parse(document) as Document;
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['dot-kube/a', 'libgmp10', '@b/c'],
  );
  assert.deepEqual(packages[1]?.checksums, [{ algorithm: 'SHA256', checksumValue: 'ab' }]);
  assert.equal(spdxOf(SUBJECT, [...COMPONENTS, ...COMPONENTS].toReversed()), document);
  const ids = packages.map(({ SPDXID }) => SPDXID);
  for (const id of ids) assert.match(id, /^SPDXRef-[A-Za-z0-9.-]+$/);
  assert.deepEqual(
    relationships.map(({ relatedSpdxElement }) => relatedSpdxElement),
    ids,
  );
});

test('another content is another document', () => {
  const namespace = (components: readonly Component[]) =>
    (JSON.parse(spdxOf(SUBJECT, components)) as Document).documentNamespace;
  assert.notEqual(namespace(COMPONENTS), namespace(COMPONENTS.slice(1)));
});
