import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Api, ApiError, silentLogger } from './framework/index.ts';
import { TestClock } from './framework/testing/index.ts';
import { discoverServiceCidrs } from './service-cidrs.ts';

const clock = new TestClock();

/** An API whose lists come to these, one after the other; the last one for ever. */
function find(answers: readonly (readonly string[] | ApiError)[], stop = new AbortController()) {
  let asked = 0;
  const list = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer instanceof ApiError) throw answer;
    return { items: [{ spec: { cidrs: answer } }, { spec: { cidrs: answer } }], resourceVersion: '1' };
  };
  const api = { list } as unknown as Pick<Api, 'list'>;
  return { found: discoverServiceCidrs({ api, clock, log: silentLogger, signal: stop.signal }), asked: () => asked };
}

const failure = (code: number) => new ApiError({ code, reason: 'Test', message: 'no' });

test('the ranges of all ServiceCIDRs are found, once each', async () => {
  assert.deepEqual(await find([['fd00::/108', '10.96.0.0/12']]).found, ['10.96.0.0/12', 'fd00::/108']);
});

test('a cluster that does not say, or does not say it to us, has none', async () => {
  for (const code of [403, 404]) assert.deepEqual(await find([failure(code)]).found, []);
});

test('a server that cannot be reached is asked until it can be, or until the stop', async () => {
  const { found, asked } = find([failure(0), failure(503), ['10.0.0.0/8']]);
  await clock.advance(60_000);
  assert.deepEqual([await found, asked()], [['10.0.0.0/8'], 3]);
  const stop = new AbortController();
  const endless = find([failure(0)], stop);
  await clock.advance(60_000);
  stop.abort();
  assert.deepEqual(await endless.found, []);
});

test('a server that does not know us is not asked again', async () => {
  await assert.rejects(find([failure(401)]).found, ApiError);
});
