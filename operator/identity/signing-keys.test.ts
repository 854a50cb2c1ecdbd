import assert from 'node:assert/strict';
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, test } from 'node:test';
import { silentLogger } from '../framework/index.ts';
import { TestClock } from '../framework/testing/index.ts';
import { reviewSigned } from './signed-token-reviewer.ts';
import { SigningKeys, tokenKeys } from './signing-keys.ts';

const ISSUER = 'https://kubernetes.default.svc';
const DISCOVERY = { issuer: ISSUER };
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const first = pair();
const second = pair();
const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' });

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const tokenBy = (key: KeyObject, kid: string, header: object = {}): string => {
  const claims = {
    iss: ISSUER,
    aud: ['dot-kube'],
    exp: 4e9,
    'kubernetes.io': { namespace: 'shop', pod: { name: 'web-0', uid: 'u' }, serviceaccount: { name: 'web' } },
  };
  const text = `${encoded({ alg: 'RS256', kid, ...header })}.${encoded(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
};

function setUp() {
  const clock = new TestClock();
  let [discovery, set]: [() => unknown, () => unknown] = [
    () => DISCOVERY,
    () => ({ keys: [jwk(first.publicKey, 'a')] }),
  ];
  const getPath = async (path: string): Promise<unknown> => (path.startsWith('/openid') ? set() : discovery());
  const keys = new SigningKeys({ getPath, clock, log: silentLogger });
  const answer = (jwks: () => unknown, who: () => unknown = () => DISCOVERY) => ([set, discovery] = [jwks, who]);
  const outcome = (token: string) => reviewSigned(token, keys, clock.now()).kind;
  const later = async (): Promise<void> => {
    await clock.advance(5 * 60_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { keys, answer, outcome, later };
}

const fail = (): never => {
  throw new Error('away');
};

/** What an API server, or whatever stands in its place, may answer instead of keys. */
const BAD: Readonly<Record<string, readonly [jwks: () => unknown, discovery?: () => unknown]>> = {
  'an error': [fail],
  'an error to who issues': [() => ({ keys: [jwk(second.publicKey, 'b')] }), fail],
  'an empty object': [() => ({})],
  'no keys': [() => ({ keys: [] })],
  'a list': [() => []],
  nothing: [() => null],
  'a text': [() => '<html></html>'],
  'keys that are none': [
    () => ({ keys: [{ kty: 'RSA', kid: 'a', n: 'x', e: 'AQAB' }, null, 'a', { kty: 'oct', kid: 'a', k: 'eA' }] }),
  ],
  'keys of nobody': [() => ({ keys: [jwk(second.publicKey, 'b')] }), () => ({})],
};

describe('the keys that tokens are verified with', () => {
  for (const [what, answers] of Object.entries(BAD)) {
    test(`stay when they are read again and the answer is ${what}, and let nobody in when they never were read`, async () => {
      const { answer, keys, later, outcome } = setUp();
      answer(...answers);
      await keys.start();
      const good = tokenBy(first.privateKey, 'a');
      assert.equal(outcome(good), 'refused');
      keys.close();
      const read = setUp();
      await read.keys.start();
      assert.equal(read.outcome(good), 'pod');
      read.answer(...answers);
      await read.later();
      assert.equal(read.outcome(good), 'pod');
      assert.equal(read.outcome(tokenBy(second.privateKey, 'a')), 'refused');
      assert.equal(read.outcome(tokenBy(second.privateKey, 'b')), 'refused');
      read.keys.close();
      await later();
    });
  }

  test('change with those of the cluster: the old ones go when the cluster has them no more', async () => {
    const { answer, keys, later, outcome } = setUp();
    await keys.start();
    const [old, next] = [tokenBy(first.privateKey, 'a'), tokenBy(second.privateKey, 'b')];
    assert.deepEqual([outcome(old), outcome(next)], ['pod', 'refused']);
    answer(() => ({ keys: [jwk(first.publicKey, 'a'), jwk(second.publicKey, 'b')] }));
    await later();
    assert.deepEqual([outcome(old), outcome(next)], ['pod', 'pod']);
    answer(() => ({ keys: [jwk(second.publicKey, 'b')] }));
    await later();
    assert.deepEqual([outcome(old), outcome(next)], ['refused', 'pod']);
    keys.close();
  });

  test('are each for one algorithm, and one that is broken takes no other with it', () => {
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const found = tokenKeys({
      keys: [
        { kty: 'RSA', kid: 'broken' },
        jwk(first.publicKey, 'a'),
        { ...curve.export({ format: 'jwk' }), kid: 'c' },
      ],
    });
    assert.deepEqual(
      [...found].map(([kid, { algorithm }]) => [kid, algorithm]),
      [
        ['a', 'RS256'],
        ['c', 'ES256'],
      ],
    );
  });
});

describe('a token', () => {
  test('is refused with another algorithm than its key’s, none, or a secret that everybody knows', async () => {
    const { keys, outcome } = setUp();
    await keys.start();
    for (const header of [{ alg: 'none' }, { alg: 'HS256' }, { alg: 'RS512' }, { alg: 'ES256' }, { alg: undefined }])
      assert.equal(outcome(tokenBy(first.privateKey, 'a', header)), 'refused', JSON.stringify(header));
    const [head, body] = tokenBy(first.privateKey, 'a').split('.');
    assert.equal(outcome(`${head}.${body}.`), 'refused');
    for (const kid of ['', '__proto__', 'constructor', 'b'])
      assert.equal(outcome(tokenBy(first.privateKey, kid)), 'refused', kid);
    keys.close();
  });
});
