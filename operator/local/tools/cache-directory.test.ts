import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { test } from 'node:test';
import { cacheDirectory } from './cache-directory.ts';

test('the cache is where DOT_KUBE_CACHE says, whatever else is set', () => {
  assert.equal(cacheDirectory({ DOT_KUBE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
});

test('the cache is a folder of our name in XDG_CACHE_HOME, else in ~/.cache; empty variables count as unset', () => {
  assert.equal(cacheDirectory({ XDG_CACHE_HOME: '/b' }), '/b/dot-kube');
  assert.equal(cacheDirectory({ DOT_KUBE_CACHE: '', XDG_CACHE_HOME: '' }), `${homedir()}/.cache/dot-kube`);
});
