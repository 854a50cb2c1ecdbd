import 'reflect-metadata';
import { X509Certificate as Parsed } from '@peculiar/x509';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TestClock } from '../framework/testing/test-clock.ts';
import { MemoryCaStore } from './ca-store.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import { certificatesIn } from './certificates.ts';
import { type GivenFiles, givenRoot, GivenRootError } from './given-root.ts';
import type { Root } from './root-state.ts';

const NOW = Date.now();
const CONFIG = `[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
`;

describe('a root that is given', () => {
  let folder: string;
  const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const openssl = (words: string): void =>
    void execFileSync('openssl', words.split(' '), { cwd: folder, stdio: 'pipe' });
  const root = (name: string, key: string, extensions = 'ca', config = 'c.cnf'): void => {
    openssl(
      `req -x509 -config ${config} -extensions ${extensions} -subj /O=Shop/CN=${name} -newkey ${key} -nodes -keyout ${name}.key -out ${name}.crt -days 30`,
    );
  };
  const below = (name: string, above: string): void => {
    openssl(`req -config c.cnf -subj /CN=${name} -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr`);
    openssl(
      `x509 -req -in ${name}.csr -CA ${above}.crt -CAkey ${above}.key -extfile c.cnf -extensions ca -days 20 -out ${name}.crt`,
    );
  };
  const files = (name: string, more: GivenFiles = {}): GivenFiles => ({
    'tls.crt': text(`${name}.crt`),
    'tls.key': text(`${name}.key`),
    ...more,
  });
  const given = (of: GivenFiles): Root => givenRoot(of, 'Secret mesh/ca', NOW);
  const why = (of: GivenFiles, now = NOW): string => {
    try {
      givenRoot(of, 'Secret mesh/ca', now);
    } catch (error) {
      assert.ok(error instanceof GivenRootError, String(error));
      return error.message;
    }
    return 'it is taken';
  };
  const authorityOf = (given: Root) =>
    CertificateAuthority.open({
      store: new MemoryCaStore(),
      clock: new TestClock(NOW),
      trustDomain: 'cluster.local',
      given: () => Promise.resolve(given),
    });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'dot-kube-given-'));
    writeFileSync(join(folder, 'c.cnf'), CONFIG);
    root('ec', 'ec -pkeyopt ec_paramgen_curve:P-256');
    root('ec384', 'ec -pkeyopt ec_paramgen_curve:P-384');
    root('rsa', 'rsa:2048');
    writeFileSync(join(folder, 'p.cnf'), CONFIG.replace('[req]', '[req]\nstring_mask = nombstr'));
    root('printable', 'rsa:2048', 'ca', 'p.cnf');
    root('small', 'rsa:1024');
    root('ed', 'ed25519');
    root('leaf', 'rsa:2048', 'leaf');
    below('middle', 'rsa');
    below('lower', 'middle');
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ['ec', 'ec384', 'rsa', 'printable']) {
    test(`signs leaves that OpenSSL verifies, whatever its key is: ${name}`, async () => {
      const authority = await authorityOf(given(files(name, { 'ca.crt': text(`${name}.crt`) })));
      const { certChainPem } = await authority.issueServer({ dnsNames: ['a'] });
      assert.equal(authority.trustBundle.pem.trim(), text(`${name}.crt`).trim());
      writeFileSync(join(folder, 'out.pem'), certChainPem);
      openssl(`verify -x509_strict -CAfile ${name}.crt out.pem`);
      const [leaf = ''] = certificatesIn(certChainPem);
      assert.ok(new X509Certificate(leaf).checkIssued(new X509Certificate(text(`${name}.crt`))));
      // Go compares the bytes of names.
      const subject = Buffer.from(new Parsed(text(`${name}.crt`)).subjectName.toArrayBuffer());
      assert.equal(Buffer.from(new Parsed(leaf).issuerName.toArrayBuffer()).toString('hex'), subject.toString('hex'));
    });
  }

  test('has those between it and what is trusted sent along', async () => {
    const chain = `${text('lower.crt')}${text('middle.crt')}${text('rsa.crt')}`;
    for (const more of [{}, { 'ca.crt': text('rsa.crt') }]) {
      const authority = await authorityOf(given(files('lower', { 'tls.crt': chain, ...more })));
      assert.equal(authority.trustBundle.pem.trim(), text('rsa.crt').trim());
      const { certChainPem } = await authority.issueServer({ dnsNames: ['a'] });
      assert.equal(certificatesIn(certChainPem).length, 3);
      writeFileSync(join(folder, 'out.pem'), certChainPem);
      openssl('verify -x509_strict -CAfile rsa.crt -untrusted out.pem out.pem');
    }
  });

  test('says the Secret, the field and what to do, and nothing of what is in it', () => {
    const where = 'Secret mesh/ca: ';
    assert.equal(why({}), `${where}tls.crt has no PEM certificate: put the certificate authority’s certificate there`);
    assert.match(
      why({ ...files('ec'), 'tls.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
      /tls\.crt has no PEM/,
    );
    assert.match(why(files('leaf')), /^Secret mesh\/ca: tls\.crt is not of a certificate authority: .*isCA/);
    assert.match(why(files('ec'), NOW + 31 * 86_400_000), /tls\.crt has expired at \d{4}-.*: renew it/);
    assert.match(why({ ...files('ec'), 'tls.key': 'secret words' }), /tls\.key is no PEM private key/);
    assert.doesNotMatch(why({ ...files('ec'), 'tls.key': 'secret words' }), /secret words/);
    assert.match(why({ ...files('ec'), 'tls.key': text('rsa.key') }), /tls\.key is not the key of tls\.crt/);
    assert.match(why(files('small')), /tls\.key is of a kind .*: use ECDSA/);
    assert.match(why(files('ed')), /tls\.key is of a kind/);
    assert.match(why(files('ec', { 'ca.crt': text('rsa.crt') })), /ca\.crt has not signed tls\.crt/);
    assert.match(why(files('ec', { 'ca.crt': 'words' })), /ca\.crt has no PEM certificate/);
    assert.match(why(files('lower', { 'ca.crt': text('middle.crt') })), /ca\.crt is no root/);
    assert.match(why(files('lower')), /ca\.crt is missing, and tls\.crt does not end in a root/);
    assert.match(
      why(files('lower', { 'ca.crt': text('rsa.crt') })),
      /ca\.crt has not signed tls\.crt/,
      'middle is not there',
    );
  });

  test('changes when another one is given, with both trusted in between', async () => {
    let present = given(files('rsa'));
    const store = new MemoryCaStore();
    const options = { store, clock: new TestClock(NOW), trustDomain: 'cluster.local', given: async () => present };
    const authority = await CertificateAuthority.open(options);
    await authority.reload();
    assert.equal(authority.rootChangeDue, false);
    await assert.rejects(authority.beginRootChange(), /cannot change a root that is given/);
    present = given(
      files('lower', { 'tls.crt': `${text('lower.crt')}${text('middle.crt')}`, 'ca.crt': text('rsa.crt') }),
    );
    await authority.reload();
    assert.equal(authority.rootChangeDue, true);
    const old = authority.signingRoot;
    await authority.beginRootChange();
    assert.equal(authority.signingRoot, old);
    assert.equal(authority.trustBundle.roots.length, 1, 'both are of one root');
    await authority.completeRootChange();
    assert.notEqual(authority.signingRoot, old);
    await authority.finishRootChange();
    assert.equal(authority.rootChangeDue, false);
    const again = await CertificateAuthority.open(options);
    assert.equal(again.signingRoot, authority.signingRoot);
    assert.equal(again.rootChangeDue, false, 'after a restart it is known what was given');
  });

  test('that is wrong leaves the stored one in force, and is told of', async () => {
    let present: () => Promise<Root> = async () => given(files('rsa'));
    const options = {
      store: new MemoryCaStore(),
      clock: new TestClock(NOW),
      trustDomain: 'cluster.local',
      given: () => present(),
    };
    const { signingRoot } = await CertificateAuthority.open(options);
    present = async () => given(files('leaf'));
    const authority = await CertificateAuthority.open(options);
    assert.equal(authority.signingRoot, signingRoot);
    await assert.rejects(authority.reload(), GivenRootError);
    await assert.rejects(CertificateAuthority.open({ ...options, store: new MemoryCaStore() }), GivenRootError);
  });
});
