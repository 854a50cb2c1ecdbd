import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { TestClock } from '../framework/testing/test-clock.ts';
import { LocalTokenIssuer } from './local-token-issuer.ts';
import { bearerTokenOf } from './token-authenticator.ts';

const pod = { namespace: 'bookstore', serviceAccount: 'reviews', podName: 'reviews-v1-0', podUid: 'uid-1' };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const setUp = () => {
  const clock = new TestClock();
  const issuer = new LocalTokenIssuer({ clock });
  const { token, renewAt } = issuer.issue(pod);
  const refused = async (text: string): Promise<string> => {
    const result = await issuer.review(text);
    assert.ok(result.kind === 'refused', 'the token was accepted');
    assert.equal(result.retryable, false);
    return result.reason;
  };
  return { clock, issuer, token, renewAt, refused };
};

describe('a local token', () => {
  test('speaks for the pod that it was made for', async () => {
    const { issuer, token } = setUp();
    assert.deepEqual(await issuer.review(token), { kind: 'pod', ...pod });
  });

  test('is good for an hour, and to be renewed after 48 minutes', async () => {
    const { clock, issuer, token, renewAt, refused } = setUp();
    assert.equal(renewAt, clock.now() + 48 * 60_000);
    await clock.advance(3_600_000 - 1);
    assert.equal((await issuer.review(token)).kind, 'pod');
    await clock.advance(1);
    assert.match(await refused(token), /expired/);
  });

  test('of another control plane is refused', async () => {
    const { token } = setUp();
    assert.match(await setUp().refused(token), /not signed/);
  });

  test('for another audience is refused', async () => {
    const { issuer, refused } = setUp();
    assert.match(await refused(issuer.issue(pod, 'vault').token), /not for the audience dot-kube/);
  });

  test('is refused when its pod is gone', async () => {
    const gone = new Set<string>();
    const issuer = new LocalTokenIssuer({ clock: new TestClock(), podExists: (uid) => !gone.has(uid) });
    const { token } = issuer.issue(pod);
    assert.equal((await issuer.review(token)).kind, 'pod');
    gone.add('uid-1');
    const result = await issuer.review(token);
    assert.ok(result.kind === 'refused');
    assert.match(result.reason, /bookstore\/reviews-v1-0 of the token is gone/);
  });

  test('is refused with any other payload, header or signature', async () => {
    const { token, refused } = setUp();
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Record<string, unknown>;
    const forged = encode({ ...claims, 'kubernetes.io': { namespace: 'kube-system' } });
    const key = Buffer.alloc(32);
    const none = encode({ alg: 'none', typ: 'JWT' });
    const foreign = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url');
    for (const text of [
      `${header}.${forged}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.${foreign}`,
      `${header}.${payload}`,
      `${token}.${signature}`,
      '',
      '..',
      'x'.repeat(5000),
    ]) {
      assert.match(await refused(text), /not signed/, text);
    }
  });
});

test('a bearer token is read from its header, and from nothing else', () => {
  assert.equal(bearerTokenOf('Bearer abc.def-_~+/=='), 'abc.def-_~+/==');
  assert.equal(bearerTokenOf('bearer  abc'), 'abc');
  for (const value of [undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer a\n', 'xBearer a']) {
    assert.equal(bearerTokenOf(value), undefined);
  }
});
