import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parseManifests } from './manifest.ts';
import { plainScalar } from './scalar.ts';

const GOLDEN = join(import.meta.dirname, '../../../test/golden/yaml');

it('reads scalars, aliases and merges as kubectl does', () => {
  const [manifest] = parseManifests(readFileSync(join(GOLDEN, 'scalars.yaml'), 'utf8')).manifests;
  const { data } = JSON.parse(readFileSync(join(GOLDEN, 'expected.json'), 'utf8')) as { readonly data: unknown };
  assert.deepEqual(manifest?.object['data'], data);
});

it('leaves text that only begins like a number alone', () => {
  for (const text of [
    '1:30',
    '1.2.3',
    '10s',
    '2001-01-01',
    '0x',
    '1e',
    '-',
    '+',
    '.',
    '..',
    '1_a',
    '0b2',
    '=',
    'ON1',
  ]) {
    assert.equal(plainScalar(text), text);
  }
});

it('has no numbers that JSON has not', () => {
  for (const text of ['.inf', '-.inf', '.nan', '1e999']) assert.equal(typeof plainScalar(text), 'string');
});
