import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMetricsRegistry, silentLogger } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import { CertificateAuthority, IdentityIssuer, MemoryCaStore } from '../../identity/index.ts';
import { decideRootChange, type ProxyTrust, type RootChangeFacts } from './decide-root-change.ts';
import { RootChange, RootFollower } from './root-change.ts';

const trustDomain = 'cluster.local';
const HOLD_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;
const web = { trustDomain, namespace: 'shop', serviceAccount: 'web' };

const trust = (id: string, more: Partial<ProxyTrust> = {}): ProxyTrust => ({
  id: `shop/${id}`,
  connected: true,
  hasBundle: true,
  hasCertificate: true,
  ...more,
});

describe('the next step of a change of the root', () => {
  const facts: RootChangeFacts = {
    state: 'introducing',
    wanted: false,
    heldMs: HOLD_MS,
    publishedMs: HOLD_MS,
    behind: [],
    holdMs: HOLD_MS,
    patienceMs: DAY_MS,
    signedByOld: 0,
    proxies: [trust('web-0')],
  };
  const decide = (more: Partial<RootChangeFacts>) => {
    const decision = decideRootChange({ ...facts, publishedMs: more.heldMs ?? HOLD_MS, ...more });
    return decision.kind === 'wait' ? decision.reason : decision.kind;
  };

  test('is the first one only when it is wanted', () => {
    assert.equal(decide({ state: 'stable' }), 'idle');
    assert.equal(decide({ state: 'stable', wanted: true }), 'begin');
  });

  test('lets the new root sign when every proxy trusts it', () => {
    assert.equal(decide({}), 'complete');
    assert.equal(
      decide({ proxies: [trust('web-0'), trust('web-1', { hasBundle: false })] }),
      'not every proxy has the trust bundle with both roots: shop/web-1',
    );
    assert.equal(decide({ heldMs: HOLD_MS - 1 }), `each step holds for ${HOLD_MS} ms at least`);
  });

  test('waits until everything that is read from has the trust bundle, and from then on for the kubelet', () => {
    const behind = ['ConfigMap shop/dot-kube-proxy'];
    const words = 'the trust bundle is not written everywhere: ConfigMap shop/dot-kube-proxy';
    assert.equal(decide({ behind, publishedMs: 0, heldMs: DAY_MS - 1 }), words);
    assert.equal(decide({ publishedMs: HOLD_MS - 1, heldMs: DAY_MS }), `each step holds for ${HOLD_MS} ms at least`);
    assert.equal(decide({ behind, publishedMs: 0, heldMs: DAY_MS }), 'complete', 'but not for ever');
  });

  test('waits for proxies that are away until their certificates have expired', () => {
    const proxies = [1, 2, 3, 4].map((index) => trust(`web-${index}`, { connected: false }));
    const away = (index: number) => `shop/web-${index}, which is not connected`;
    const words = `${away(1)}; ${away(2)}; ${away(3)} and 1 more`;
    assert.equal(decide({ proxies }), `not every proxy has the trust bundle with both roots: ${words}`);
    assert.equal(decide({ proxies, heldMs: DAY_MS }), 'complete');
    assert.equal(decide({ proxies, heldMs: DAY_MS, state: 'retiring' }), 'finish');
  });

  test('forgets the old root when nothing is in use that it signed', () => {
    assert.equal(decide({ state: 'retiring' }), 'finish');
    assert.equal(decide({ state: 'retiring', signedByOld: 2 }), '2 certificates of the old root are in use');
    assert.equal(
      decide({ state: 'retiring', proxies: [trust('web-0', { hasCertificate: false })] }),
      'not every proxy has a certificate of the new root: shop/web-0',
    );
    assert.equal(decide({ state: 'retiring', heldMs: 0 }), `each step holds for ${HOLD_MS} ms at least`);
  });
});

describe('a change of the root', () => {
  async function start(store = new MemoryCaStore(), clock = new TestClock()) {
    const authority = await CertificateAuthority.open({ store, trustDomain, clock });
    const issuer = new IdentityIssuer({ authority, clock, random: () => 0.5 });
    let proxies: readonly ProxyTrust[] = [trust('web-0')];
    const behind: string[] = [];
    const options = { authority, issuer, clock, log: silentLogger, proxies: () => proxies, behind: () => behind };
    const change = new RootChange(options);
    return {
      authority,
      issuer,
      clock,
      store,
      change,
      behind,
      have: (...now: readonly ProxyTrust[]) => (proxies = now),
    };
  }

  /** Keys are made on other threads. */
  async function issued(issuer: IdentityIssuer, root: string, count: number): Promise<void> {
    while (issuer.signedBy(root) !== count) await new Promise((resolve) => setImmediate(resolve));
  }

  test('goes through all steps when it is asked for, each after the ACKs of the one before', async () => {
    const { authority, issuer, clock, change, have } = await start();
    const old = authority.signingRoot;
    issuer.want(web);
    await issued(issuer, old, 1);
    assert.deepEqual(await change.look(), { kind: 'idle' });
    change.request();
    have(trust('web-0', { hasBundle: false, hasCertificate: false }));
    assert.equal((await change.look()).kind, 'begin');
    assert.equal(authority.trustBundle.roots.length, 2);
    assert.equal((await change.look()).kind, 'wait');
    await clock.advance(HOLD_MS);
    assert.equal((await change.look()).kind, 'wait', 'the bundle is not acknowledged');
    assert.equal(authority.signingRoot, old);
    have(trust('web-0', { hasCertificate: false }));
    assert.equal((await change.look()).kind, 'complete');
    const next = authority.signingRoot;
    assert.notEqual(next, old);
    await clock.advance(HOLD_MS);
    await issued(issuer, next, 1);
    assert.equal((await change.look()).kind, 'wait', 'the certificate is not acknowledged');
    have(trust('web-0'));
    await clock.advance(HOLD_MS);
    assert.equal((await change.look()).kind, 'finish');
    assert.deepEqual(
      authority.trustBundle.roots.map(({ fingerprint }) => fingerprint),
      [next],
    );
    assert.deepEqual(await change.look(), { kind: 'idle' }, 'asked once, done once');
    issuer.close();
  });

  test('holds each step anew from when the last file was written', async () => {
    const { authority, issuer, clock, change, behind } = await start();
    change.request();
    assert.equal((await change.look()).kind, 'begin');
    assert.equal((await change.look()).kind, 'wait', 'from here on the step holds');
    behind.push('ConfigMap shop/dot-kube-proxy');
    await clock.advance(2 * HOLD_MS);
    assert.equal((await change.look()).kind, 'wait');
    behind.pop();
    await clock.advance(HOLD_MS - 1);
    assert.equal((await change.look()).kind, 'wait');
    await clock.advance(1);
    assert.equal((await change.look()).kind, 'complete');
    assert.equal(authority.state, 'retiring');
    issuer.close();
  });

  test('begins by itself at two fifths of the root’s life', async () => {
    const { authority, issuer, clock, change } = await start();
    clock.jump(4 * 365 * DAY_MS - DAY_MS);
    assert.deepEqual(await change.look(), { kind: 'idle' });
    clock.jump(2 * DAY_MS);
    assert.equal((await change.look()).kind, 'begin');
    assert.equal(authority.state, 'introducing');
    issuer.close();
  });

  test('goes on after a restart, and holds anew as nobody knows for how long it has', async () => {
    const first = await start();
    first.change.request();
    await first.change.look();
    first.issuer.close();
    const { authority, issuer, clock, change } = await start(first.store, first.clock);
    assert.equal(authority.state, 'introducing');
    assert.equal((await change.look()).kind, 'wait');
    await clock.advance(HOLD_MS);
    assert.equal((await change.look()).kind, 'complete');
    issuer.close();
  });

  test('is followed by replicas that do not lead', async () => {
    const { authority, issuer, clock, store } = await start();
    const leader = await CertificateAuthority.open({ store, trustDomain, clock });
    const stop = new AbortController();
    const metrics = createMetricsRegistry();
    const follower = new RootFollower({ authority, clock, log: silentLogger, checkMs: 1000, metrics });
    const following = follower.run(stop.signal);
    await leader.beginRootChange();
    await clock.advance(1000);
    assert.equal(authority.trustBundle.pem, leader.trustBundle.pem);
    const shown = await metrics.metrics();
    assert.match(shown, /dotkube_root_change_state\{state="introducing"\} 1\n/);
    assert.ok(
      shown.includes(`dotkube_root_certificate_not_after_seconds ${authority.signingRootLife.notAfter / 1000}\n`),
    );
    store.load = () => Promise.reject(new Error('no'));
    await clock.advance(2000);
    assert.match(await metrics.metrics(), /dotkube_root_read_failures_total 2\n/);
    stop.abort();
    await following;
    issuer.close();
  });

  test('is told of once when half of its life is over, not a look too late, and by a metric', async () => {
    const clock = new TestClock();
    const rootTtlMs = 100 * DAY_MS;
    const store = new MemoryCaStore();
    const authority = await CertificateAuthority.open({ store, trustDomain, clock, rootTtlMs });
    const told: (readonly [message: string, code: unknown])[] = [];
    const log = {
      ...silentLogger,
      error: (message: string, more: Readonly<Record<string, unknown>> = {}) => void told.push([message, more['code']]),
    };
    const metrics = createMetricsRegistry();
    const stop = new AbortController();
    const following = new RootFollower({ authority, clock, log, metrics }).run(stop.signal);
    const { notBefore, notAfter } = authority.signingRootLife;
    const half = (notBefore + notAfter) / 2;
    clock.jump(half - 60_000 - clock.now());
    await clock.advance(10_000);
    assert.deepEqual(told, []);
    assert.match(await metrics.metrics(), /^dotkube_root_certificate_overdue 0$/m);
    while (told.length === 0) {
      assert.ok(clock.now() <= half, 'too late');
      await clock.advance(1000);
    }
    assert.match(await metrics.metrics(), /^dotkube_root_certificate_overdue 1$/m);
    await clock.advance(60_000);
    assert.equal(told.length, 1);
    assert.match(told[0]?.[0] ?? '', /^half of the life of the root certificate is over.*ends at \d{4}-/);
    assert.equal(told[0]?.[1], 'DK5001');
    stop.abort();
    await following;
  });

  test('takes no step that another replica has taken', async () => {
    const { authority, issuer, clock, store, change } = await start();
    const other = await CertificateAuthority.open({ store, trustDomain, clock });
    await other.beginRootChange();
    change.request();
    assert.equal((await change.look()).kind, 'begin');
    assert.equal(authority.trustBundle.pem, other.trustBundle.pem, "the other replica's root, and not a third one");
    assert.equal((await change.look()).kind, 'wait');
    issuer.close();
  });
});
