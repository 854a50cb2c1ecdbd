import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Api } from '../framework/api/api.ts';
import { ApiError } from '../framework/api/api-error.ts';
import {
  ApiTokenReviewer,
  type ApiTokenReviewerOptions,
  TOKEN_REVIEW,
  type TokenReview,
  tokenReviewResult,
  type TokenReviewStatus,
} from './api-token-reviewer.ts';
import { TestClock } from '../framework/testing/test-clock.ts';

const good: TokenReviewStatus = {
  authenticated: true,
  audiences: ['dot-kube'],
  user: {
    username: 'system:serviceaccount:bookstore:reviews',
    extra: {
      'authentication.kubernetes.io/pod-name': ['reviews-v1-abc'],
      'authentication.kubernetes.io/pod-uid': ['uid-1'],
    },
  },
};
const pod = {
  kind: 'pod',
  namespace: 'bookstore',
  serviceAccount: 'reviews',
  podName: 'reviews-v1-abc',
  podUid: 'uid-1',
};

const setUp = (options: Partial<ApiTokenReviewerOptions> = {}) => {
  const clock = new TestClock();
  const asked: TokenReview[] = [];
  let answer: () => TokenReviewStatus = () => good;
  const create = async (kind: unknown, review: TokenReview): Promise<TokenReview> => {
    assert.equal(kind, TOKEN_REVIEW);
    asked.push(review);
    await Promise.resolve();
    return { ...review, status: answer() };
  };
  const api = { create } as unknown as Pick<Api, 'create'>;
  const answers = (next: () => TokenReviewStatus): void => {
    answer = next;
  };
  return { clock, asked, answers, reviewer: new ApiTokenReviewer({ api, clock, ...options }) };
};

describe('the API server is asked', () => {
  test('about the token for the audience of this mesh', async () => {
    const { reviewer, asked } = setUp();
    assert.deepEqual(await reviewer.review('token'), pod);
    assert.deepEqual(asked[0]?.spec, { token: 'token', audiences: ['dot-kube'] });
  });

  test('not again for 10 s about a token that was accepted', async () => {
    const { reviewer, asked, clock } = setUp();
    await reviewer.review('token');
    await clock.advance(9_999);
    assert.deepEqual(await reviewer.review('token'), pod);
    assert.equal(asked.length, 1);
    await clock.advance(1);
    await reviewer.review('token');
    assert.equal(asked.length, 2);
  });

  test('again about a token that was refused', async () => {
    const { reviewer, asked, answers } = setUp();
    answers(() => ({ authenticated: false }));
    assert.equal((await reviewer.review('token')).kind, 'refused');
    answers(() => good);
    assert.equal((await reviewer.review('token')).kind, 'pod');
    assert.equal(asked.length, 2);
  });

  test('once about a token that comes several times at once', async () => {
    const { reviewer, asked } = setUp();
    await Promise.all([reviewer.review('token'), reviewer.review('token'), reviewer.review('other')]);
    assert.equal(asked.length, 2);
  });

  test('again about the oldest of more tokens than are remembered', async () => {
    const { reviewer, asked } = setUp({ cacheSize: 2 });
    for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) await reviewer.review(token);
    assert.deepEqual(
      asked.map((review) => review.spec.token),
      ['a', 'b', 'c', 'a'],
    );
  });

  test('last about the token that was accepted last', async () => {
    const { reviewer, asked, clock } = setUp({ cacheSize: 2 });
    await reviewer.review('a');
    await reviewer.review('b');
    await clock.advance(10_000);
    for (const token of ['a', 'c', 'a']) await reviewer.review(token);
    assert.deepEqual(
      asked.map((review) => review.spec.token),
      ['a', 'b', 'a', 'c'],
    );
  });

  test('never about what cannot be a token', async () => {
    const { reviewer, asked } = setUp();
    for (const text of ['', 'x'.repeat(16 * 1024 + 1)]) assert.equal((await reviewer.review(text)).kind, 'refused');
    assert.equal(asked.length, 0);
  });
});

test('a token that could not be reviewed may be good, and is asked about again', async () => {
  const { reviewer, answers } = setUp();
  answers(() => {
    throw new ApiError({ code: 503, reason: 'ServiceUnavailable', message: 'token' });
  });
  const reason = 'the API server did not review the token (ServiceUnavailable)';
  const refused = { kind: 'refused', reason, retryable: true, isUnanswered: true };
  assert.deepEqual(await reviewer.review('token'), refused);
  answers(() => good);
  assert.deepEqual(await reviewer.review('token'), pod);
});

test('an API server that does not let us ask has answered', async () => {
  const { reviewer, answers } = setUp();
  answers(() => {
    throw new ApiError({ code: 403, reason: 'Forbidden', message: 'token' });
  });
  const review = await reviewer.review('token');
  assert.equal(review.kind === 'refused' && review.isUnanswered, undefined);
});

describe('a review is refused', () => {
  const { user } = good;
  const cases: Readonly<Record<string, { readonly status: TokenReviewStatus | undefined; readonly reason: RegExp }>> = {
    'when it has no status': { status: undefined, reason: /does not know the token/ },
    'when the token is not authenticated': { status: { ...good, authenticated: false }, reason: /does not know/ },
    'for another audience': { status: { ...good, audiences: ['vault'] }, reason: /audience dot-kube/ },
    'when the server knows nothing of audiences': {
      status: { authenticated: true, ...(user && { user }) },
      reason: /audience/,
    },
    'for a user': { status: { ...good, user: { ...user, username: 'admin' } }, reason: /not a service account/ },
    'for a token without a pod': { status: { ...good, user: { ...user, extra: {} } }, reason: /not bound to a pod/ },
  };
  for (const [name, { status, reason }] of Object.entries(cases)) {
    test(name, () => {
      const result = tokenReviewResult(status);
      assert.ok(result.kind === 'refused');
      assert.match(result.reason, reason);
      assert.equal(result.retryable, false);
    });
  }
});
