import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { after, before, describe, it } from 'node:test';
import { silentLogger, systemClock } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/test-clock.ts';
import { CertificateAuthority, MemoryCaStore, type TokenReviewResult } from '../../identity/index.ts';
import { type PrimaryAddress, snapshotClient } from './snapshot-client.ts';
import { SNAPSHOT_PATH, SnapshotServer, STANDBY_ACCOUNT } from './snapshot-server.ts';

const NAME = 'dot-kube-xds.dot-kube-system.svc';

const podOf = (serviceAccount: string, namespace = 'dot-kube-system'): TokenReviewResult => ({
  kind: 'pod',
  namespace,
  serviceAccount,
  podName: 'some',
  podUid: 'uid',
});

/** What the API server says of each token; of any other, that it does not know it. */
const REVIEWS: Readonly<Record<string, TokenReviewResult>> = {
  standby: podOf(STANDBY_ACCOUNT),
  elsewhere: podOf(STANDBY_ACCOUNT, 'shop'),
  operator: podOf('dot-kube-operator'),
  unknown: { kind: 'refused', reason: 'no answer', retryable: true },
};

const source = {
  instance: 'a',
  trustDomain: 'cluster.local',
  isServing: () => true,
  places: () => [],
  placeOf: () => undefined,
  pods: () => [],
  podOf: () => undefined,
};

describe('snapshots over the network', () => {
  const scope = new AsyncDisposableStack();
  const clock = new TestClock();
  let authority: CertificateAuthority;
  let server: SnapshotServer;
  let address: PrimaryAddress;

  before(async () => {
    const store = new MemoryCaStore();
    authority = await CertificateAuthority.open({ store, trustDomain: 'cluster.local', clock: systemClock });
    server = new SnapshotServer({
      address: { host: '127.0.0.1', port: 0 },
      names: { dnsNames: [NAME] },
      standbyNames: { dnsNames: ['dot-kube-standby.dot-kube-system.svc'] },
      namespace: 'dot-kube-system',
      tokens: {
        review: async (token) => REVIEWS[token] ?? { kind: 'refused', reason: 'not known', retryable: false },
      },
      authority,
      source,
      clock,
      log: silentLogger,
    });
    const stop = new AbortController();
    const running = server.run(stop.signal);
    scope.defer(async () => {
      stop.abort();
      await running;
    });
    await server.started();
    address = { host: '127.0.0.1', port: server.bound?.port ?? 0, serverName: NAME };
  });
  after(() => scope.disposeAsync());

  const session = (): ClientHttp2Session => {
    const opened = connect(`https://127.0.0.1:${address.port}`, { ca: authority.trustBundle.pem, servername: NAME });
    opened.on('error', () => {});
    scope.defer(() => opened.destroy());
    return opened;
  };
  /** The status of a request on a connection of its own, which stays open. */
  const asks = async (headers: OutgoingHttpHeaders): Promise<number> => {
    const request = session().request({ ':path': SNAPSHOT_PATH, ...headers });
    request.on('error', () => {});
    const [answer] = (await once(request, 'response')) as [Readonly<Record<string, unknown>>];
    return Number(answer[':status']);
  };
  const bearing = (token: string): OutgoingHttpHeaders => ({ authorization: `Bearer ${token}` });

  it('come in lines to a standby, with the certificate that it shows to proxies', async () => {
    const client = snapshotClient({ token: async () => 'standby', roots: async () => authority.trustBundle.pem });
    const kinds: string[] = [];
    for await (const line of client(address, new AbortController().signal)) {
      kinds.push((JSON.parse(line) as { readonly kind: string }).kind);
      await clock.advance(0);
      if (kinds.includes('places')) break;
    }
    assert.deepEqual(kinds, ['hello', 'beat', 'certificate', 'places']);
  });

  it('go to nobody but who has a token of a standby', async () => {
    assert.equal(await asks(bearing('standby')), 200);
    assert.equal(await asks({}), 403);
    assert.equal(await asks({ authorization: 'standby' }), 403);
    for (const token of ['stranger', 'elsewhere', 'operator']) assert.equal(await asks(bearing(token)), 403, token);
    assert.equal(await asks(bearing('unknown')), 503, 'it may be one');
  });

  it('are all that there is', async () => {
    assert.equal(await asks({ ...bearing('standby'), ':path': '/' }), 404);
    assert.equal(await asks({ ...bearing('standby'), ':method': 'POST' }), 404);
  });

  it('are told to a few only', async () => {
    const statuses: number[] = [];
    while (server.streams < 8) statuses.push(await asks(bearing('standby')));
    assert.ok(statuses.every((status) => status === 200));
    assert.equal(await asks(bearing('standby')), 503);
  });

  it('are to be asked for soon: who is connected and does not is not any more', async () => {
    const idle = session();
    await once(idle, 'connect');
    const closed = once(idle, 'close');
    // The server hears of a connection a moment later than the client.
    for (let waited = 0; !idle.closed && waited < 100; waited += 1) {
      await clock.advance(10_000);
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    await closed;
    assert.equal(idle.closed, true);
  });
});
