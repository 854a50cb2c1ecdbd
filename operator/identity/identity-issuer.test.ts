import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SpiffeId } from '@dot-kube/proxy/model';
import type { IssuedCertificate } from './certificate-authority.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { MemoryCaStore } from './ca-store.ts';
import { TestClock } from '../framework/testing/test-clock.ts';
import { type Authority, type IdentityChange, IdentityIssuer, type IdentityIssuerOptions } from './identity-issuer.ts';
import type { TrustBundle } from './trust-bundle.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const idOf = (serviceAccount: string): SpiffeId => ({ trustDomain: 'cluster.local', namespace: 'n', serviceAccount });

interface Request {
  readonly serviceAccount: string;
  finish(): Promise<void>;
  fail(): Promise<void>;
}

/** Lets promises that are already settled run their continuations. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

/** An authority whose every certificate is let through by the test. */
class HeldAuthority implements Authority {
  readonly requests: Request[] = [];
  readonly #clock: TestClock;
  readonly #listeners = new Set<(bundle: TrustBundle) => void>();
  signingRoot = 'root-1';
  trustBundle: TrustBundle = { trustDomain: 'cluster.local', roots: [], pem: 'root-1' };

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  async issueWorkload({ serviceAccount }: SpiffeId): Promise<IssuedCertificate> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const act = (run: () => void) => async () => {
      run();
      await settle();
    };
    this.requests.push({ serviceAccount, finish: act(resolve), fail: act(() => reject(new Error('no luck'))) });
    const rootFingerprint = this.signingRoot;
    await promise;
    const now = this.#clock.now();
    return { certChainPem: '', privateKeyPem: '', notBefore: now, notAfter: now + 24 * hourMs, rootFingerprint };
  }

  onChange(listener: (bundle: TrustBundle) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(signingRoot: string, pem: string): void {
    this.signingRoot = signingRoot;
    this.trustBundle = { ...this.trustBundle, pem };
    for (const listener of this.#listeners) listener(this.trustBundle);
  }

  /** The requests that were made since the last call. */
  take(): readonly Request[] {
    return this.requests.splice(0);
  }

  async finishAll(): Promise<readonly string[]> {
    const names: string[] = [];
    for (let batch = this.take(); batch.length > 0; batch = this.take()) {
      for (const request of batch) {
        names.push(request.serviceAccount);
        await request.finish();
      }
    }
    return names;
  }
}

const setUp = (options: Partial<IdentityIssuerOptions> = {}) => {
  const clock = new TestClock();
  const authority = new HeldAuthority(clock);
  const issuer = new IdentityIssuer({ authority, clock, random: () => 0.5, ...options });
  const changes: IdentityChange[] = [];
  issuer.subscribe((change) => changes.push(change));
  const take = (): readonly string[] =>
    changes.splice(0).map((change) => {
      if (change.kind === 'trust-bundle') return `bundle ${change.bundle.pem}`;
      const { spiffeId } = change.kind === 'issued' ? change.certificate : change;
      return `${change.kind} ${spiffeId.serviceAccount}`;
    });
  return { clock, authority, issuer, take };
};

describe('an identity whose certificates live for 20 seconds', () => {
  const lifeMs = 20_000;
  const short = async (options: Partial<IdentityIssuerOptions> = {}) => {
    const clock = new TestClock();
    const authority = await CertificateAuthority.open({
      store: new MemoryCaStore(),
      trustDomain: 'cluster.local',
      clock,
      leafTtlMs: lifeMs,
    });
    let failing = false;
    const issueWorkload = async (id: SpiffeId): Promise<IssuedCertificate> => {
      if (failing) throw new Error('no luck');
      return await authority.issueWorkload(id);
    };
    const flaky: Authority = {
      issueWorkload,
      onChange: (listener) => authority.onChange(listener),
      signingRoot: authority.signingRoot,
      trustBundle: authority.trustBundle,
    };
    const issuer = new IdentityIssuer({ authority: flaky, clock, random: () => 0.999, ...options });
    const ends = () => issuer.summary().firstNotAfter ?? 0;
    const idle = async (): Promise<void> => {
      do await new Promise((resolve) => setImmediate(resolve));
      while (issuer.summary().signing > 0);
    };
    return { clock, issuer, ends, idle, fail: (is: boolean) => (failing = is) };
  };

  test('is renewed at half of the seconds that count, not of those that its certificate is backdated by', async () => {
    const { clock, issuer, ends, idle } = await short();
    const start = clock.now();
    issuer.want(idOf('a'));
    await idle();
    assert.ok(ends() - start >= lifeMs - 1000, 'whole seconds');
    const first = issuer.certificateOf(idOf('a'));
    await clock.advance(7000);
    await idle();
    assert.equal(issuer.certificateOf(idOf('a')), first);
    await clock.advance(3000);
    await idle();
    assert.notEqual(issuer.certificateOf(idOf('a')), first);
    issuer.close();
  });

  test('is renewed before its end when nothing could be signed for nine tenths of its life, and tells that from half of it on', async () => {
    const { clock, issuer, ends, idle, fail } = await short();
    issuer.want(idOf('a'));
    await idle();
    const end = ends();
    fail(true);
    const told: number[] = [];
    issuer.subscribe(({ kind }) => kind === 'failed' && told.push(end - clock.now()));
    const step = async (milliseconds: number): Promise<void> => {
      for (let at = 0; at < milliseconds; at += 50) {
        await clock.advance(50);
        await idle();
      }
    };
    await step(lifeMs * 0.9);
    assert.ok((told[0] ?? 0) >= lifeMs / 2 - 1000, `told ${told[0]} ms before its end`);
    assert.deepEqual(issuer.summary(), { wanted: 1, failing: 1, firstNotAfter: end, signing: 0 });
    fail(false);
    await step(1000);
    assert.ok(clock.now() < end, 'in time');
    assert.ok(ends() > end);
    assert.equal(issuer.summary().failing, 0);
    issuer.close();
  });
});

describe('a hundred identities that were issued together', () => {
  test('are not signed together: in each minute not more than a tenth of them, and two at once', async () => {
    const clock = new TestClock();
    const authority = new HeldAuthority(clock);
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const issuer = new IdentityIssuer({ authority, clock, random });
    for (let index = 0; index < 100; index += 1) issuer.want(idOf(`a${index}`));
    assert.equal(authority.requests.length, 2, 'the others wait for their turn');
    await authority.finishAll();
    const perMinute: number[] = [];
    for (let minute = 0; minute < 48 * 60; minute += 1) {
      await clock.advance(minuteMs);
      assert.ok(authority.requests.length <= 2);
      perMinute.push((await authority.finishAll()).length);
    }
    assert.ok(perMinute.reduce((sum, count) => sum + count) >= 400, 'four or more each in two days');
    assert.ok(Math.max(...perMinute) <= 10, `${Math.max(...perMinute)} in a minute`);
    issuer.close();
  });
});

describe('an identity that is wanted', () => {
  test('is issued once, for however many proxies', async () => {
    const { authority, issuer, take } = setUp();
    issuer.want(idOf('a'));
    issuer.want(idOf('a'));
    assert.equal(issuer.certificateOf(idOf('a')), undefined);
    assert.deepEqual(await authority.finishAll(), ['a']);
    assert.deepEqual(take(), ['issued a']);
    assert.deepEqual(issuer.certificateOf(idOf('a'))?.spiffeId, idOf('a'));
    issuer.want(idOf('a'));
    assert.equal(authority.take().length, 0);
  });

  test('is renewed at half of its life', async () => {
    const { clock, authority, issuer, take } = setUp({ random: () => 0.999_999_999 });
    issuer.want(idOf('a'));
    await authority.finishAll();
    await clock.advance(12 * hourMs - 1);
    assert.equal(authority.take().length, 0);
    await clock.advance(1);
    assert.deepEqual(await authority.finishAll(), ['a']);
    assert.deepEqual(take(), ['issued a', 'issued a']);
    await clock.advance(12 * hourMs);
    assert.deepEqual(await authority.finishAll(), ['a']);
  });

  test('is renewed up to a fifth of that earlier, and never later, so that renewals spread', async () => {
    const randoms = [0, 0.999];
    const { clock, authority, issuer } = setUp({ random: () => randoms.shift() ?? 0.5 });
    issuer.want(idOf('early'));
    issuer.want(idOf('late'));
    await authority.finishAll();
    await clock.advance(9.6 * hourMs);
    assert.deepEqual(await authority.finishAll(), ['early']);
    await clock.advance(2.38 * hourMs);
    assert.deepEqual(await authority.finishAll(), []);
    await clock.advance(0.02 * hourMs);
    assert.deepEqual(await authority.finishAll(), ['late']);
  });

  test('is tried again after a failure, later each time, and keeps its certificate meanwhile', async () => {
    const { clock, authority, issuer, take } = setUp();
    issuer.want(idOf('a'));
    await authority.finishAll();
    await clock.advance(12 * hourMs);
    await authority.take()[0]?.fail();
    assert.deepEqual(take(), ['issued a', 'failed a']);
    assert.ok(issuer.certificateOf(idOf('a')));
    await clock.advance(750);
    await authority.take()[0]?.fail();
    await clock.advance(1499);
    assert.equal(authority.take().length, 0);
    await clock.advance(1);
    assert.deepEqual(await authority.finishAll(), ['a']);
    assert.deepEqual(take(), ['failed a', 'issued a']);
  });

  test('starts with short delays again after a success', async () => {
    const { clock, authority, issuer } = setUp();
    issuer.want(idOf('a'));
    await authority.take()[0]?.fail();
    await clock.advance(750);
    await authority.take()[0]?.fail();
    await clock.advance(1500);
    await authority.finishAll();
    await clock.advance(12 * hourMs);
    await authority.take()[0]?.fail();
    await clock.advance(750);
    assert.equal(authority.take().length, 1);
  });

  test('is renewed within 10 minutes when the clock was set forward', async () => {
    const { clock, authority, issuer } = setUp();
    issuer.want(idOf('a'));
    await authority.finishAll();
    clock.jump(20 * hourMs);
    await clock.advance(10 * minuteMs);
    assert.deepEqual(await authority.finishAll(), ['a']);
  });

  test('has no certificate any more once that has expired', async () => {
    const { clock, authority, issuer } = setUp();
    issuer.want(idOf('a'));
    await authority.finishAll();
    await clock.advance(24 * hourMs - 1);
    assert.ok(issuer.certificateOf(idOf('a')));
    await clock.advance(1);
    assert.equal(issuer.certificateOf(idOf('a')), undefined);
  });
});

describe('the queue', () => {
  test('has only so many certificates made at a time', async () => {
    const { authority, issuer } = setUp({ concurrency: 2 });
    for (const name of ['a', 'b', 'c', 'd']) issuer.want(idOf(name));
    assert.deepEqual(
      authority.requests.map((request) => request.serviceAccount),
      ['a', 'b'],
    );
    await authority.take()[0]?.finish();
    assert.deepEqual(
      authority.requests.map((request) => request.serviceAccount),
      ['c'],
    );
  });

  test('takes identities without a certificate before renewals', async () => {
    const { clock, authority, issuer } = setUp({ concurrency: 1 });
    for (const name of ['a', 'b', 'c']) issuer.want(idOf(name));
    await authority.finishAll();
    await clock.advance(12 * hourMs);
    issuer.want(idOf('new'));
    assert.deepEqual(await authority.finishAll(), ['a', 'new', 'b', 'c']);
  });

  test('skips an identity that nobody wants any more', async () => {
    const { authority, issuer, take } = setUp({ concurrency: 1 });
    issuer.want(idOf('a'));
    issuer.want(idOf('b'))();
    issuer.want(idOf('c'));
    assert.deepEqual(await authority.finishAll(), ['a', 'c']);
    assert.deepEqual(take(), ['issued a', 'issued c']);
  });
});

describe('an identity that nobody wants', () => {
  test('is kept for a while, for proxies that come back', async () => {
    const { clock, authority, issuer, take } = setUp();
    const release = issuer.want(idOf('a'));
    await authority.finishAll();
    release();
    await clock.advance(5 * minuteMs - 1);
    const again = issuer.want(idOf('a'));
    await clock.advance(hourMs);
    assert.ok(issuer.certificateOf(idOf('a')));
    again();
    await clock.advance(5 * minuteMs);
    assert.equal(issuer.certificateOf(idOf('a')), undefined);
    assert.deepEqual(take(), ['issued a', 'forgotten a']);
  });

  test('is renewed at once when it comes back after its time', async () => {
    const { clock, authority, issuer } = setUp();
    const release = issuer.want(idOf('a'));
    await authority.finishAll();
    await clock.advance(10.8 * hourMs - minuteMs);
    release();
    await clock.advance(2 * minuteMs);
    assert.deepEqual(await authority.finishAll(), []);
    issuer.want(idOf('a'));
    await clock.advance(0);
    assert.deepEqual(await authority.finishAll(), ['a']);
  });

  test('stays in the queue while another proxy wants it', async () => {
    const { authority, issuer } = setUp({ concurrency: 1 });
    issuer.want(idOf('first'));
    const release = issuer.want(idOf('a'));
    issuer.want(idOf('a'));
    release();
    assert.deepEqual(await authority.finishAll(), ['first', 'a']);
  });

  test('is kept while another proxy wants it, and a release counts once', async () => {
    const { clock, authority, issuer } = setUp();
    const release = issuer.want(idOf('a'));
    issuer.want(idOf('a'));
    await authority.finishAll();
    release();
    release();
    await clock.advance(hourMs);
    assert.ok(issuer.certificateOf(idOf('a')));
  });

  test('is not told of when its certificate comes too late', async () => {
    const { clock, authority, issuer, take } = setUp();
    issuer.want(idOf('a'))();
    await clock.advance(5 * minuteMs);
    await authority.finishAll();
    assert.deepEqual(take(), ['forgotten a']);
    assert.equal(issuer.certificateOf(idOf('a')), undefined);
  });

  test('is issued anew when it is wanted again', async () => {
    const { clock, authority, issuer, take } = setUp();
    issuer.want(idOf('a'))();
    await authority.finishAll();
    await clock.advance(5 * minuteMs);
    issuer.want(idOf('a'));
    await authority.finishAll();
    assert.deepEqual(take(), ['issued a', 'forgotten a', 'issued a']);
  });
});

describe('a change of root', () => {
  test('is told, and replaces all certificates once the new root signs, spread over 30 s', async () => {
    const randoms = [0.5, 0.5, 0, 1];
    const { clock, authority, issuer, take } = setUp({ random: () => randoms.shift() ?? 0.5 });
    issuer.want(idOf('a'));
    issuer.want(idOf('b'));
    await authority.finishAll();
    take();

    authority.change('root-1', 'root-1 root-2');
    await clock.advance(hourMs);
    assert.deepEqual(take(), ['bundle root-1 root-2']);
    assert.equal(issuer.trustBundle.pem, 'root-1 root-2');
    assert.equal(authority.take().length, 0);

    authority.change('root-2', 'root-1 root-2');
    assert.deepEqual([issuer.signedBy('root-1'), issuer.signedBy('root-2')], [2, 0]);
    await clock.advance(0);
    assert.deepEqual(await authority.finishAll(), ['a']);
    await clock.advance(30_000);
    assert.deepEqual(await authority.finishAll(), ['b']);
    assert.deepEqual([issuer.signedBy('root-1'), issuer.signedBy('root-2')], [0, 2]);
    assert.deepEqual(take(), ['issued a', 'issued b']);
  });

  test('replaces a certificate that the old root was signing at that moment', async () => {
    const { clock, authority, issuer } = setUp();
    issuer.want(idOf('a'));
    authority.change('root-2', 'root-1 root-2');
    await authority.take()[0]?.finish();
    assert.equal(issuer.signedBy('root-1'), 1);
    await clock.advance(0);
    await authority.finishAll();
    assert.equal(issuer.signedBy('root-2'), 1);
  });

  test('forgets what nobody wants, which would hold up its end', async () => {
    const { clock, authority, issuer } = setUp();
    issuer.want(idOf('a'))();
    await authority.finishAll();
    issuer.want(idOf('b'))();
    await authority.finishAll();
    authority.change('root-2', 'root-2');
    await clock.advance(0);
    assert.equal(issuer.signedBy('root-1'), 0);
  });

  test('ends with certificates that the remaining root verifies', async () => {
    const clock = new TestClock();
    const authority = await CertificateAuthority.open({
      clock,
      store: new MemoryCaStore(),
      trustDomain: 'cluster.local',
    });
    const issuer = new IdentityIssuer({ authority, clock, random: () => 0 });
    const issued = async (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = issuer.subscribe((change) => {
        if (change.kind === 'issued') resolve();
      });
      await clock.advance(0);
      await promise;
      stop();
    };
    issuer.want(idOf('a'));
    await issued();
    const old = authority.signingRoot;
    await authority.beginRootChange();
    await authority.completeRootChange();
    assert.equal(issuer.signedBy(old), 1);
    await issued();
    assert.equal(issuer.signedBy(old), 0);
    const bundle = await authority.finishRootChange();
    assert.equal(issuer.certificateOf(idOf('a'))?.rootFingerprint, bundle.roots[0]?.fingerprint);
    issuer.close();
  });
});

test('a closed issuer does and says nothing more', async () => {
  const { clock, authority, issuer, take } = setUp({ concurrency: 1 });
  issuer.want(idOf('a'));
  issuer.want(idOf('b'));
  issuer.close();
  await authority.take()[0]?.finish();
  authority.change('root-2', 'root-2');
  await clock.advance(48 * hourMs);
  assert.equal(authority.take().length, 0);
  assert.deepEqual(take(), []);
  assert.equal(issuer.certificateOf(idOf('a')), undefined);
});
