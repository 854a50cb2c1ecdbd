import assert from 'node:assert/strict';
import { freePort } from '../../tools/free-port.ts';
import { Bookstore, type OperatorProcess } from '../harness/index.ts';

/** The bookstore with two replicas of the operator, of which the first one leads at first. */
export interface Pair extends AsyncDisposable {
  readonly store: Bookstore;
  /** The replica that leads at first. */
  readonly first: OperatorProcess;
  readonly second: OperatorProcess;
  /** Starts another one in the place of one that has ended. Whoever asks for it stops it. */
  restart(replica: OperatorProcess): Promise<OperatorProcess>;
}

/** How both run. */
export interface PairOptions {
  readonly flags?: readonly string[];
  readonly apiServerArgs?: readonly string[];
}

/** A replica of several that start on a busy machine. */
const timeoutMilliseconds = 60_000;

/** Starts both, one after the other, and waits until the leader hears of the other one. */
export async function startPair({ flags = [], apiServerArgs = [] }: PairOptions = {}): Promise<Pair> {
  await using scope = new AsyncDisposableStack();
  const ports = [await freePort(), await freePort()];
  const peers = ports.flatMap((port) => ['--replica-peer', `127.0.0.1:${port}`]);
  const [mine, others] = ports.map((port) => ['--replicas-address', `127.0.0.1:${port}`, ...peers, ...flags]);
  assert.ok(mine !== undefined && others !== undefined);
  const store = scope.use(await Bookstore.start({ apiServerArgs, flags: mine, timeoutMilliseconds }));
  const first = store.operator;
  await first.logged('this replica leads');
  const second = scope.use(await store.replica({ flags: others, timeoutMilliseconds }));
  await first.logged('another replica of the control plane reports');
  const flagsOf = new Map([
    [first, mine],
    [second, others],
  ]);
  const restart = async (replica: OperatorProcess): Promise<OperatorProcess> => {
    const same = flagsOf.get(replica) ?? [];
    const next = await store.replica({ flags: same, timeoutMilliseconds });
    flagsOf.set(next, same);
    return next;
  };
  const owned = scope.move();
  return { store, first, second, restart, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
