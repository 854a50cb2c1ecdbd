import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Manifest } from '../manifest.ts';
import { templateOf } from './fill.ts';
import { block, entries, type Hole, optional, scalar } from './hole.ts';

const OBJECT = {
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', labels: { own: 'x' } },
  spec: { size: 1, more: { old: true }, items: [{ args: ['x'], name: 'first' }], text: 'a {{ b }} c' },
} satisfies Manifest;

const hole = (path: Hole['path'], fill: Hole['fill'], object = 'Thing/a'): Hole => ({ object, path, fill });

it('fills every kind of hole at its indentation, and leaves what only looks like a template to itself', () => {
  const template = templateOf(OBJECT, [
    hole(['spec', 'size'], scalar('size')),
    hole(['spec', 'more'], block('more')),
    hole(['spec', 'absent'], optional('absent')),
    hole(['spec', 'items', 0, 'args'], { kind: 'lines', lines: ['args:', '  - {{ .Values.arg }}'] }),
    hole(['metadata', 'labels'], entries('labels'), '*'),
    hole(['spec', 'size'], scalar('another'), 'Thing/b'),
  ]);
  assert.equal(
    template,
    `apiVersion: v1
kind: Thing
metadata:
  labels:
    {{- range $name, $value := $.Values.labels }}
    {{ toJson $name }}: {{ toJson $value }}
    {{- end }}
    own: x
  name: a
spec:
  {{- with .Values.absent }}
  absent:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  items:
    - args:
        - {{ .Values.arg }}
      name: first
  more:
    {{- toYaml .Values.more | nindent 4 }}
  size: {{ toJson .Values.size }}
  text: a {{ "{{" }} b }} c
`,
  );
});

it('refuses a hole that has no place in the object', () => {
  assert.throws(() => templateOf(OBJECT, [hole(['spec', 'none', 'size'], scalar('size'))]), /has no spec\.none\.size/);
});

it('refuses a condition where it would take the dash of a list with it', () => {
  const holes = [hole(['spec', 'items', 0, 'absent'], optional('absent'))];
  assert.throws(() => templateOf(OBJECT, holes), /cannot begin with \{\{- with/);
});
