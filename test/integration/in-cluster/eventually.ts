import { setTimeout as delay } from 'node:timers/promises';

/** Waits until an answer is this one; throws with the last one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  milliseconds = 15_000,
): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`not so in ${milliseconds} ms: ${JSON.stringify(answer)}`);
    await delay(50);
  }
}
