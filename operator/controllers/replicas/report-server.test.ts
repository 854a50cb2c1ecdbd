import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { silentLogger, systemClock } from '../../framework/index.ts';
import { CertificateAuthority, MemoryCaStore } from '../../identity/index.ts';
import { linesOf, reportClient } from './report-client.ts';
import { REPORT_PATH, ReportServer } from './report-server.ts';
import { ReplicaIdentity } from './replica-identity.ts';

const SPIFFE_ID = 'spiffe://cluster.local/ns/dot-kube-system/sa/dot-kube-operator';

function authority(): Promise<CertificateAuthority> {
  return CertificateAuthority.open({ store: new MemoryCaStore(), trustDomain: 'cluster.local', clock: systemClock });
}

const surroundings = { namespace: 'dot-kube-system', clock: systemClock, log: silentLogger };

describe('reports over the network', () => {
  const scope = new AsyncDisposableStack();
  let shared: CertificateAuthority;
  let identity: ReplicaIdentity;
  let server: ReportServer;
  let address: string;

  before(async () => {
    shared = await authority();
    const source = {
      instance: 'other',
      objects: () => [],
      standingOf: () => undefined,
      connected: () => ['shop/a'],
      refusals: () => [],
    };
    server = new ReportServer({
      ...surroundings,
      authority: shared,
      address: { host: '127.0.0.1', port: 0 },
      source,
    });
    const stop = new AbortController();
    const running = server.run(stop.signal);
    scope.defer(async () => {
      stop.abort();
      await running;
    });
    await server.started();
    address = `127.0.0.1:${server.bound?.port}`;
    identity = await ReplicaIdentity.start({ ...surroundings, authority: shared });
    scope.defer(() => identity.close());
  });
  after(() => scope.disposeAsync());

  /** Opens a connection as somebody; answers how it went on. */
  const asks = async (options: ConnectionOptions): Promise<string> => {
    const [host = '', port = ''] = address.split(':');
    const ca = shared.trustBundle.pem;
    const socket = connectTls({ host, port: Number(port), ca, ALPNProtocols: ['h2'], ...options });
    socket.on('error', () => {});
    const session = connect(`https://${address}`, { createConnection: () => socket });
    session.on('error', () => {});
    const request = session.request({ ':path': REPORT_PATH });
    request.on('error', () => {});
    const answered = once(request, 'response').then(([headers]) => String((headers as object)[':status' as never]));
    const closed = once(session, 'close').then(() => 'closed');
    try {
      return await Promise.race([answered, closed]).catch(() => 'closed');
    } finally {
      session.destroy();
    }
  };
  const nobody = { checkServerIdentity: () => undefined };
  const certificateOf = async (from: CertificateAuthority, uri: string): Promise<ConnectionOptions> => {
    const { certChainPem: cert, privateKeyPem: key } = await from.issueServer({ uris: [uri] });
    return { ...nobody, cert, key };
  };

  it('come in lines to a replica, for as long as it listens', async () => {
    const stop = new AbortController();
    const lines: unknown[] = [];
    for await (const line of reportClient(() => identity)(address, stop.signal)) {
      lines.push(JSON.parse(line));
      if (lines.length < 2) continue;
      assert.equal(server.streams, 1);
      break;
    }
    assert.deepEqual(lines, [
      { kind: 'hello', format: 1, instance: 'other' },
      { kind: 'report', proxies: [['shop/a'], []], complete: true },
    ]);
  });

  it('go to nobody without a certificate of the authority and the name of the operator', async () => {
    assert.equal(await asks(await certificateOf(shared, SPIFFE_ID)), '200');
    assert.equal(await asks(nobody), 'closed');
    assert.equal(await asks(await certificateOf(await authority(), SPIFFE_ID)), 'closed');
    assert.equal(await asks(await certificateOf(shared, 'spiffe://cluster.local/ns/shop/sa/web')), 'closed');
    assert.equal(await asks(await certificateOf(shared, `${SPIFFE_ID}x`)), 'closed');
    const { certChainPem: cert, privateKeyPem: key } = await shared.issueServer({
      uris: [SPIFFE_ID],
      dnsNames: ['localhost'],
    });
    assert.equal(await asks({ ...nobody, cert, key }), 'closed', 'a name more than the operator has');
    assert.equal(await asks({ ...(await certificateOf(shared, SPIFFE_ID)), maxVersion: 'TLSv1.2' }), 'closed');
  });

  it('are not taken from one who is no replica', async () => {
    const other = await ReplicaIdentity.start({ ...surroundings, authority: shared, namespace: 'elsewhere' });
    scope.defer(() => other.close());
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const line of reportClient(() => other)(address, stop.signal)) assert.fail(line);
    };
    await assert.rejects(read, /no replica of this control plane/);
  });

  it('are served with the new root when the root has changed', async () => {
    await shared.beginRootChange();
    await shared.completeRootChange();
    const { certChainPem: cert, privateKeyPem: key } = await shared.issueServer({ uris: [SPIFFE_ID] });
    const answer = await asks({ ...nobody, cert, key, ca: shared.trustBundle.pem });
    assert.equal(answer, '200');
  });

  it('end with the signal', async () => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const line of reportClient(() => identity)(address, stop.signal)) if (line !== '') stop.abort();
    };
    await read().catch(() => {});
    assert.equal(stop.signal.aborted, true);
  });
});

describe('the lines of a text', () => {
  async function* chunks(...texts: readonly string[]): AsyncIterable<string> {
    yield* texts;
  }
  const all = async (longest: number, ...texts: readonly string[]): Promise<readonly string[]> => {
    const lines: string[] = [];
    for await (const line of linesOf(chunks(...texts), longest)) lines.push(line);
    return lines;
  };

  it('are found wherever it is cut', async () => {
    assert.deepEqual(await all(99, 'a', 'b\nc', '\n', 'd\ne\nf'), ['ab', 'c', 'd', 'e']);
  });

  it('are no longer than is allowed', async () => {
    assert.deepEqual(await all(3, 'abc\nabc\n'), ['abc', 'abc']);
    await assert.rejects(all(3, 'ab', 'cd'), /a line of more than 3 characters/);
  });
});
