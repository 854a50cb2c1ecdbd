import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  introduceRoot,
  retireRoot,
  RootStateError,
  switchSigner,
  trustedCertificates,
  withdrawRoot,
} from './root-state.ts';
import type { Root, RootState } from './root-state.ts';

const root = (name: string): Root => ({ certificatePem: `${name} certificate`, privateKeyPem: `${name} key` });
const [old, next] = [root('old'), root('next')];
const stable: RootState = { kind: 'stable', current: old };
const introducing = introduceRoot(stable, next);
const retiring = switchSigner(introducing);

test('a new root is trusted before it signs', () => {
  assert.deepEqual(introducing, { kind: 'introducing', current: old, next });
  assert.deepEqual(trustedCertificates(introducing), ['old certificate', 'next certificate']);
});

test('the old root is trusted after it has stopped signing, and its key is gone', () => {
  assert.deepEqual(retiring, { kind: 'retiring', current: next, previousCertificatePem: 'old certificate' });
  assert.deepEqual(trustedCertificates(retiring), ['next certificate', 'old certificate']);
  assert.ok(!JSON.stringify(retiring).includes('old key'));
});

test('a retired root is trusted no more', () => {
  assert.deepEqual(retireRoot(retiring), { kind: 'stable', current: next });
  assert.deepEqual(trustedCertificates(retireRoot(retiring)), ['next certificate']);
});

test('a root that was only introduced can be withdrawn', () => {
  assert.deepEqual(withdrawRoot(introducing), stable);
});

test('every step is refused in every state but its own', () => {
  const steps = [
    { step: (state: RootState) => introduceRoot(state, next), allowed: 'stable' },
    { step: switchSigner, allowed: 'introducing' },
    { step: withdrawRoot, allowed: 'introducing' },
    { step: retireRoot, allowed: 'retiring' },
  ];
  for (const { step, allowed } of steps) {
    for (const state of [stable, introducing, retiring]) {
      if (state.kind === allowed) assert.doesNotThrow(() => step(state));
      else assert.throws(() => step(state), RootStateError);
    }
  }
});
