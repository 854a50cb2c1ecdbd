import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type CaStore, CaStoreError, MemoryCaStore } from './ca-store.ts';
import { CertificateAuthority, type CertificateAuthorityOptions } from './certificate-authority.ts';
import { TestClock } from '../framework/testing/test-clock.ts';

const trustDomain = 'cluster.local';
const reviews = { trustDomain, namespace: 'bookstore', serviceAccount: 'reviews' };
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const openAuthority = async (options: Partial<CertificateAuthorityOptions> = {}) => {
  const clock = new TestClock();
  const store = new MemoryCaStore();
  return { clock, store, authority: await CertificateAuthority.open({ clock, store, trustDomain, ...options }) };
};

const openssl = (files: Readonly<Record<string, string>>, ...args: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dot-kube-x509-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the root', () => {
  test('is a self-signed authority for leaves of its trust domain only', async () => {
    const { authority, clock } = await openAuthority();
    const [trusted] = authority.trustBundle.roots;
    assert.ok(trusted !== undefined);
    const root = new X509Certificate(trusted.certificatePem);
    assert.ok(root.ca);
    assert.ok(root.verify(root.publicKey));
    assert.equal(root.subjectAltName, 'URI:spiffe://cluster.local');
    assert.equal(root.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.equal(root.validToDate.getTime(), clock.now() + 3650 * dayMs);
    const text = openssl({ 'root.pem': root.toString() }, 'x509', '-in', 'root.pem', '-noout', '-text');
    assert.match(text, /Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    assert.match(text, /Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
  });

  test('is the same after a restart', async () => {
    const { authority, clock, store } = await openAuthority();
    const again = await CertificateAuthority.open({ clock, store, trustDomain });
    assert.equal(again.trustBundle.pem, authority.trustBundle.pem);
    assert.equal(again.signingRoot, authority.signingRoot);
  });

  test('is put back where it was kept when somebody deletes it', async () => {
    const { authority, clock, store } = await openAuthority();
    let present: CaStore = new MemoryCaStore();
    const moved: CaStore = { load: () => present.load(), save: (...args) => present.save(...args) };
    present = store;
    const running = await CertificateAuthority.open({ clock, store: moved, trustDomain });
    present = new MemoryCaStore();
    await running.reload();
    const again = await CertificateAuthority.open({ clock, store: moved, trustDomain });
    assert.equal(again.signingRoot, authority.signingRoot);
    await running.beginRootChange();
    assert.equal((await present.load())?.state.kind, 'introducing');
  });

  test('is one, when two replicas start on an empty store together', async () => {
    const { clock, store } = { clock: new TestClock(), store: new MemoryCaStore() };
    const open = () => CertificateAuthority.open({ clock, store, trustDomain });
    const [one, other] = await Promise.all([open(), open()]);
    assert.equal(one.signingRoot, other.signingRoot);
  });

  test('is replaced when it has expired, as nothing it signed is good any more', async () => {
    const { authority, clock, store } = await openAuthority({ rootTtlMs: dayMs });
    await clock.advance(dayMs - 1000);
    assert.equal((await CertificateAuthority.open({ clock, store, trustDomain })).signingRoot, authority.signingRoot);
    await clock.advance(1000);
    assert.notEqual(
      (await CertificateAuthority.open({ clock, store, trustDomain })).signingRoot,
      authority.signingRoot,
    );
  });

  test('of another trust domain is refused, with both names', async () => {
    const { clock, store } = await openAuthority();
    const open = CertificateAuthority.open({ clock, store, trustDomain: 'prod.example' });
    await assert.rejects(open, (error: unknown) => {
      assert.ok(error instanceof CaStoreError);
      assert.match(error.message, /of the trust domain cluster\.local, not of prod\.example/);
      return true;
    });
  });

  test('with a key that is not its own is refused', async () => {
    const [one, other] = [await openAuthority(), await openAuthority()];
    const [stored, foreign] = [await one.store.load(), await other.store.load()];
    assert.ok(stored !== undefined && foreign !== undefined);
    const current = { ...stored.state.current, privateKeyPem: foreign.state.current.privateKeyPem };
    const store = new MemoryCaStore();
    await store.save({ kind: 'stable', current }, undefined);
    await assert.rejects(CertificateAuthority.open({ clock: one.clock, store, trustDomain }), CaStoreError);
  });
});

describe('a workload certificate', () => {
  test('names the SPIFFE ID alone, in a critical extension under an empty subject', async () => {
    const { authority } = await openAuthority();
    const issued = await authority.issueWorkload(reviews);
    const leaf = new X509Certificate(issued.certChainPem);
    const root = new X509Certificate(authority.trustBundle.pem);
    assert.equal(leaf.subjectAltName, 'URI:spiffe://cluster.local/ns/bookstore/sa/reviews');
    assert.ok(!leaf.subject);
    assert.ok(!leaf.ca);
    assert.ok(leaf.checkIssued(root));
    assert.ok(leaf.verify(root.publicKey));
    assert.ok(leaf.checkPrivateKey(createPrivateKey(issued.privateKeyPem)));
    assert.equal(issued.rootFingerprint, authority.signingRoot);
    const text = openssl({ 'leaf.pem': issued.certChainPem }, 'x509', '-in', 'leaf.pem', '-noout', '-text');
    assert.match(text, /Subject Alternative Name: critical/);
    assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
    assert.match(text, /Extended Key Usage: ?\s+TLS Web Server Authentication, TLS Web Client Authentication\n/);
  });

  test('holds from 5 minutes ago for 24 hours', async () => {
    const { authority, clock } = await openAuthority();
    const issued = await authority.issueWorkload(reviews);
    const leaf = new X509Certificate(issued.certChainPem);
    assert.equal(leaf.validFromDate.getTime(), clock.now() - 5 * minuteMs);
    assert.equal(leaf.validToDate.getTime(), clock.now() + dayMs);
    assert.deepEqual([issued.notBefore, issued.notAfter], [leaf.validFromDate.getTime(), leaf.validToDate.getTime()]);
  });

  test('does not outlive its root', async () => {
    const { authority, clock } = await openAuthority({ rootTtlMs: 60 * minuteMs });
    assert.equal((await authority.issueWorkload(reviews)).notAfter, clock.now() + 60 * minuteMs);
  });

  test('has a key and a serial number of its own each time', async () => {
    const { authority } = await openAuthority();
    const [one, other] = [await authority.issueWorkload(reviews), await authority.issueWorkload(reviews)];
    assert.notEqual(one.privateKeyPem, other.privateKeyPem);
    assert.notEqual(
      new X509Certificate(one.certChainPem).serialNumber,
      new X509Certificate(other.certChainPem).serialNumber,
    );
  });

  test('is not issued for another trust domain', async () => {
    const { authority } = await openAuthority();
    await assert.rejects(authority.issueWorkload({ ...reviews, trustDomain: 'elsewhere' }), /not of the trust domain/);
  });

  test('passes the verification of OpenSSL', async () => {
    const clock = new TestClock(Date.now());
    const { authority } = await openAuthority({ clock });
    const issued = await authority.issueWorkload(reviews);
    const files = { 'root.pem': authority.trustBundle.pem, 'leaf.pem': issued.certChainPem };
    const verify = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'root.pem', 'leaf.pem'];
    assert.equal(openssl(files, ...verify), 'leaf.pem: OK\n');
  });
});

describe('a server certificate', () => {
  test('has DNS names and addresses, critical too', async () => {
    const { authority } = await openAuthority();
    const issued = await authority.issueServer({ dnsNames: ['dot-kube.local'], ipAddresses: ['127.0.0.1', '::1'] });
    const leaf = new X509Certificate(issued.certChainPem);
    assert.equal(leaf.checkHost('dot-kube.local'), 'dot-kube.local');
    assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(leaf.checkIP('::1'), '::1');
    assert.equal(leaf.checkHost('elsewhere'), undefined);
  });

  test('is not issued without a name', async () => {
    const { authority } = await openAuthority();
    await assert.rejects(authority.issueServer({}), /needs a name/);
  });
});

describe('a change of root', () => {
  test('has the old root sign until it is completed, and trusts both until it is finished', async () => {
    const { authority } = await openAuthority();
    const old = authority.signingRoot;

    const both = await authority.beginRootChange();
    assert.equal(both.roots.length, 2);
    assert.equal(authority.state, 'introducing');
    assert.equal((await authority.issueWorkload(reviews)).rootFingerprint, old);

    assert.equal((await authority.completeRootChange()).pem, both.pem);
    assert.equal(authority.state, 'retiring');
    const issued = await authority.issueWorkload(reviews);
    assert.notEqual(issued.rootFingerprint, old);

    const one = await authority.finishRootChange();
    assert.deepEqual(
      one.roots.map((root) => root.fingerprint),
      [issued.rootFingerprint],
    );
    assert.ok(new X509Certificate(issued.certChainPem).verify(new X509Certificate(one.pem).publicKey));
  });

  test('gives every replica the roots in the same order', async () => {
    const { authority } = await openAuthority();
    const fingerprints = (await authority.beginRootChange()).roots.map((root) => root.fingerprint);
    assert.deepEqual(fingerprints, fingerprints.toSorted());
    await authority.completeRootChange();
    assert.deepEqual(
      authority.trustBundle.roots.map((root) => root.fingerprint),
      fingerprints,
    );
  });

  test('goes on after a restart where it stood', async () => {
    const { authority, clock, store } = await openAuthority();
    const both = await authority.beginRootChange();
    const restarted = await CertificateAuthority.open({ clock, store, trustDomain });
    assert.equal(restarted.state, 'introducing');
    assert.equal(restarted.trustBundle.pem, both.pem);
    await restarted.completeRootChange();
    assert.notEqual(restarted.signingRoot, authority.signingRoot);
  });

  test('reaches the other replicas by a reload, and two replicas cannot take the same step', async () => {
    const { authority, clock, store } = await openAuthority();
    const other = await CertificateAuthority.open({ clock, store, trustDomain });
    const heard: number[] = [];
    other.onChange((bundle) => heard.push(bundle.roots.length));
    const both = await authority.beginRootChange();
    await assert.rejects(other.beginRootChange(), /another replica/);
    assert.equal((await other.reload()).pem, both.pem);
    await other.reload();
    assert.deepEqual(heard, [2]);
    await authority.completeRootChange();
    await other.reload();
    assert.equal(other.signingRoot, authority.signingRoot);
    assert.deepEqual(heard, [2, 2]);
  });

  test('can be abandoned before the new root signs', async () => {
    const { authority } = await openAuthority();
    const before = authority.trustBundle.pem;
    await authority.beginRootChange();
    assert.equal((await authority.abandonRootChange()).pem, before);
  });

  test('is refused out of turn, and the steps that follow still work', async () => {
    const { authority } = await openAuthority();
    await assert.rejects(authority.completeRootChange(), /in state stable/);
    await authority.beginRootChange();
    const steps = await Promise.allSettled([authority.completeRootChange(), authority.completeRootChange()]);
    const refusals = steps.flatMap((step) => (step.status === 'rejected' ? [String(step.reason)] : []));
    assert.deepEqual(refusals, ['RootStateError: cannot complete a root change: the root change is in state retiring']);
    await authority.finishRootChange();
  });

  test('is due at two fifths of the life of the root, once', async () => {
    const { authority, clock } = await openAuthority({ rootTtlMs: 10 * dayMs });
    await clock.advance(4 * dayMs - 10 * minuteMs);
    assert.equal(authority.rootChangeDue, false);
    await clock.advance(10 * minuteMs);
    assert.equal(authority.rootChangeDue, true);
    await authority.beginRootChange();
    assert.equal(authority.rootChangeDue, false);
  });
});
