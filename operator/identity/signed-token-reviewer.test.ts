import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { reviewSigned, SignedTokenReviewer } from './signed-token-reviewer.ts';
import { SigningKeys, tokenKeys } from './signing-keys.ts';
import type { TokenReviewResult } from './token-authenticator.ts';
import { silentLogger } from '../framework/log.ts';
import { TestClock } from '../framework/testing/index.ts';

const NOW = Date.UTC(2026, 0, 1);
const ISSUER = 'https://kubernetes.default.svc';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const SET = { keys: [jwk(rsa.publicKey, 'rsa'), jwk(ec.publicKey, 'ec'), { kty: 'oct', kid: 'oct', k: 'c2VjcmV0' }] };
const byId = tokenKeys(SET);
const keys = { issuer: ISSUER, keyOf: (id: string) => byId.get(id) };

const CLAIMS = {
  iss: ISSUER,
  aud: ['dot-kube'],
  exp: NOW / 1000 + 60,
  nbf: NOW / 1000 - 60,
  'kubernetes.io': { namespace: 'shop', pod: { name: 'web-0', uid: 'u' }, serviceaccount: { name: 'web', uid: 's' } },
};
const POD = { kind: 'pod', namespace: 'shop', serviceAccount: 'web', podName: 'web-0', podUid: 'u' };

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims: object = CLAIMS, header: object = { alg: 'ES256', kid: 'ec' }, key = ec.privateKey): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const reasonOf = (result: TokenReviewResult): string => (result.kind === 'refused' ? result.reason : 'it is accepted');

describe('a token that the cluster has signed', () => {
  it('speaks for its pod, whatever kind of key signed it', () => {
    assert.deepEqual(reviewSigned(token(), keys, NOW), POD);
    assert.deepEqual(reviewSigned(token(CLAIMS, { alg: 'RS256', kid: 'rsa' }, rsa.privateKey), keys, NOW), POD);
  });

  const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
    'another audience': [token({ ...CLAIMS, aud: ['https://kubernetes.default.svc'] }), /audience/],
    'another issuer': [token({ ...CLAIMS, iss: 'https://other.example' }), /issuer/],
    'an end that has come': [token({ ...CLAIMS, exp: NOW / 1000 }), /expired/],
    'no end': [token({ ...CLAIMS, exp: undefined }), /expired/],
    'a beginning that has not come': [token({ ...CLAIMS, nbf: NOW / 1000 + 1 }), /not valid yet/],
    'no pod': [token({ ...CLAIMS, 'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'web' } } }), /bound/],
    'the signature of somebody else': [
      token(CLAIMS, { alg: 'ES256', kid: 'ec' }, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      /not signed/,
    ],
    'an algorithm of its own choice': [token(CLAIMS, { alg: 'HS256', kid: 'ec' }), /not signed/],
    'no algorithm': [`${encoded({ alg: 'none', kid: 'ec' })}.${encoded(CLAIMS)}.`, /not signed/],
    'other claims than were signed': [token().replace(/\..*\./, `.${encoded({ ...CLAIMS, exp: NOW })}.`), /not signed/],
    'a key that is no public one': [token(CLAIMS, { alg: 'HS256', kid: 'oct' }), /not known/],
    'three dots': [`${token()}.x`, /no signed token/],
    'no JSON': ['a.b.c', /not known/],
  };
  for (const [what, [each, reason]] of Object.entries(wrong)) {
    it(`is refused with ${what}`, () => assert.match(reasonOf(reviewSigned(each, keys, NOW)), reason));
  }
});

describe('a reviewer that can verify', () => {
  const reviewer = (answer: TokenReviewResult) =>
    new SignedTokenReviewer({ reviewer: { review: () => Promise.resolve(answer) }, keys, clock: new TestClock(NOW) });

  it('believes the API server, and not what was signed, when that answers', async () => {
    const refused = { kind: 'refused', reason: 'the pod is gone', retryable: false } as const;
    assert.deepEqual(await reviewer(refused).review(token()), refused);
    const forbidden = { kind: 'refused', reason: 'we may not ask', retryable: true } as const;
    assert.deepEqual(await reviewer(forbidden).review(token()), forbidden);
  });

  it('believes what was signed when nobody answers', async () => {
    const unanswered = { kind: 'refused', reason: 'away', retryable: true, isUnanswered: true } as const;
    assert.deepEqual(await reviewer(unanswered).review(token()), POD);
  });
});

it('keys are read again, and stay while they cannot be', async () => {
  const clock = new TestClock(NOW);
  let isAway = false;
  let set = SET;
  const kept = new SigningKeys({
    getPath: async (path) => {
      if (isAway) throw new Error('away');
      return path === '/openid/v1/jwks' ? set : { issuer: ISSUER };
    },
    clock,
    log: silentLogger,
  });
  await kept.start();
  assert.deepEqual([kept.issuer, kept.keyOf('ec')?.algorithm, kept.keyOf('oct')], [ISSUER, 'ES256', undefined]);
  isAway = true;
  await clock.advance(600_000);
  assert.equal(kept.keyOf('ec')?.algorithm, 'ES256');
  isAway = false;
  set = { keys: [jwk(rsa.publicKey, 'new')] as never };
  await clock.advance(300_000);
  assert.deepEqual([kept.keyOf('ec'), kept.keyOf('new')?.algorithm], [undefined, 'RS256']);
  kept.close();
  assert.equal(clock.pendingTimers, 0);
});
