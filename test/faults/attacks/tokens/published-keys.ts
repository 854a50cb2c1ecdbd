import { HttpApi, kubeconfigConnection, silentLogger, systemClock } from '../../../../operator/framework/index.ts';
import { TestClock } from '../../../../operator/framework/testing/index.ts';
import { ApiTokenReviewer, SignedTokenReviewer, SigningKeys } from '../../../../operator/identity/index.ts';
import type { Check, FaultContext } from '../../fault.ts';
import { countsOf } from '../../harness/counts.ts';
import { FAILURES, type FailingJudge, KEY_FAILURES, SILENCE } from './failing-judge.ts';
import type { Forged } from './forged.ts';

/** The names of the checks, which controls turn red. */
export const FORGED = 'forged tokens where the standby judges by itself, whatever is published as keys';
export const LAST = 'good ones, with the keys that were read last';

/** While the API server judges nothing, a standby does, with the keys that it publishes: which fail in every way, too. */
export async function publishedKeys(
  judge: FailingJudge,
  good: string,
  forged: readonly Forged[],
  size: FaultContext['size'],
): Promise<readonly Check[]> {
  const api = new HttpApi(await kubeconfigConnection({ path: judge.kubeconfig }));
  const failures = Object.entries(KEY_FAILURES);
  if (size !== 'short') failures.push(['nothing, for ever', SILENCE]);
  const accepted: string[] = [];
  let [tried, early, kept] = [0, 0, 0];
  judge.failure = FAILURES['an error (500)'];
  try {
    for (const [what, failure] of failures) {
      // Never read, and read once.
      for (const isRead of [false, true]) {
        const keys = keysFrom(api);
        judge.keysFailure = undefined;
        if (isRead) await keys.start();
        judge.keysFailure = failure;
        await keys.start();
        const judged = (token: string) => isLetIn(api, keys, token);
        if (await judged(good)) [kept, early] = isRead ? [kept + 1, early] : [kept, early + 1];
        for (const { title, token } of forged) {
          tried += 1;
          if (await judged(token)) accepted.push(`${title}, with the answer ${what}`);
        }
        keys.close();
      }
    }
  } finally {
    [judge.failure, judge.keysFailure] = [undefined, undefined];
    api.close();
  }
  const which = accepted.length === 0 ? '' : `: ${accepted.slice(0, 3).join('; ')}`;
  return [
    {
      name: FORGED,
      expected: '0 accepted',
      measured: `${countsOf(accepted.length, tried, 'accepted')}, with ${failures.length} kinds of answers, before keys were read and after${which}`,
      passed: accepted.length === 0 && tried > 0,
    },
    {
      name: LAST,
      expected: 'accepted by the last good keys, and not without any',
      measured: `${kept} of ${failures.length} with the last good keys, ${early} of ${failures.length} where none was ever read`,
      passed: kept === failures.length && early === 0,
    },
  ];
}

function keysFrom(api: HttpApi): SigningKeys {
  return new SigningKeys({
    getPath: (path, options) => api.getPath(path, options),
    // They are read when it is said so.
    clock: new TestClock(),
    log: silentLogger,
  });
}

async function isLetIn(api: HttpApi, keys: SigningKeys, token: string): Promise<boolean> {
  const reviewer = new ApiTokenReviewer({ api, clock: systemClock, timeoutMs: 1000 });
  const review = await new SignedTokenReviewer({ reviewer, keys, clock: systemClock }).review(token);
  return review.kind === 'pod';
}
