import { freePort } from '../../tools/free-port.ts';
import { Bookstore, type OperatorProcess, type OperatorProcessOptions } from '../harness/index.ts';

/** The bookstore with two replicas of the operator, of which the first one leads at first. */
export interface Pair extends AsyncDisposable {
  readonly store: Bookstore;
  /** The replica that leads at first. */
  readonly first: OperatorProcess;
  readonly second: OperatorProcess;
}

/** Ports of reports, of which both replicas know. */
export async function pairFlags(
  flags: readonly string[] = [],
): Promise<readonly [readonly string[], readonly string[]]> {
  const ports = [await freePort(), await freePort()];
  const peers = ports.flatMap((port) => ['--replica-peer', `127.0.0.1:${port}`]);
  const [first = [], second = []] = ports.map((port) => [
    '--replicas-address',
    `127.0.0.1:${port}`,
    ...peers,
    ...flags,
  ]);
  return [first, second];
}

/** Starts both, one after the other, and waits until the leader hears of the other one. */
export async function startPair(options: Partial<OperatorProcessOptions> = {}): Promise<Pair> {
  await using scope = new AsyncDisposableStack();
  const [flags, otherFlags] = await pairFlags(options.flags);
  const store = scope.use(await Bookstore.start({ ...options, flags }));
  const first = store.operator;
  await first.logged('this replica leads');
  const second = scope.use(await store.replica({ ...options, flags: otherFlags }));
  await first.logged('another replica of the control plane reports');
  const owned = scope.move();
  return { store, first, second, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
