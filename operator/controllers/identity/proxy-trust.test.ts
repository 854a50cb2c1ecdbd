import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeUrls, type XdsServer } from '@dot-kube/proxy/xds';
import { proxyTrusts, type ReplicaTrust, signedElsewhere, withReplicas } from './proxy-trust.ts';

const WEB = 'identity/spiffe://cluster.local/ns/shop/sa/web';
const REVISIONS: Readonly<Record<string, number>> = { 'mesh roots': 7, [`${WEB} identity`]: 9 };

test('a proxy has what it has acknowledged, or does not use; of one without a stream nothing is known', () => {
  const acked: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    'shop/current': { 'mesh roots': 7, [`${WEB} identity`]: 9 },
    'shop/behind': { 'mesh roots': 6, [`${WEB} identity`]: 8 },
    'shop/plaintext': {},
  };
  const revision = (id: string, { layer, name }: { readonly layer: string; readonly name: string }) =>
    acked[id]?.[`${layer} ${name}`];
  const trusts = proxyTrusts({
    server: {
      connected: () => Object.keys(acked),
      connection: (id) =>
        id in acked
          ? ({ layers: ['mesh', 'class/web', WEB] } as unknown as ReturnType<XdsServer['connection']>)
          : undefined,
      uses: (id, entry) => entry.type === typeUrls.secret && revision(id, entry) !== undefined,
      ackedRevision: (id, entry) => revision(id, entry) ?? -1,
    },
    cache: { revisionOf: ({ layer, name }) => REVISIONS[`${layer} ${name}`] },
    expected: () => ['shop/away', 'shop/current'],
  });
  assert.deepEqual(trusts, [
    { id: 'shop/away', connected: false, hasBundle: false, hasCertificate: false },
    { id: 'shop/behind', connected: true, hasBundle: false, hasCertificate: false },
    { id: 'shop/current', connected: true, hasBundle: true, hasCertificate: true },
    { id: 'shop/plaintext', connected: true, hasBundle: true, hasCertificate: true },
  ]);
});

test('of a proxy that is connected to another replica it is known what that one says, of the same roots', () => {
  const roots = { bundle: 'both', signing: 'new' };
  const away = (id: string) => ({ id, connected: false, hasBundle: false, hasCertificate: false });
  const said = (more: Partial<ReplicaTrust> = {}): ReplicaTrust => ({
    ...roots,
    withoutBundle: ['b'],
    withoutCertificate: ['c'],
    signedByOthers: 2,
    ...more,
  });
  const stand = (trust?: ReplicaTrust) =>
    withReplicas(['a', 'b', 'c', 'gone'].map(away), [{ connected: new Set(['a', 'b', 'c']), trust }], roots).map(
      ({ id, connected, hasBundle, hasCertificate }) => `${id} ${connected} ${hasBundle} ${hasCertificate}`,
    );
  assert.deepEqual(stand(said()), [
    'a true true true',
    'b true false true',
    'c true true false',
    'gone false false false',
  ]);
  assert.equal(stand(said({ bundle: 'old' }))[0], 'a true false true', 'it has not read the new bundle');
  assert.equal(stand(said({ signing: 'old' }))[0], 'a true true false');
  assert.equal(stand()[0], 'a true false false', 'it has said nothing yet');
  const here = { id: 'a', connected: true, hasBundle: true, hasCertificate: true };
  const elsewhere = [{ connected: new Set(['a']), trust: said({ withoutBundle: ['a'] }) }];
  assert.deepEqual(withReplicas([here], elsewhere, roots), [here], 'what is known here counts');
});

test('certificates on other replicas are in use until these say otherwise', () => {
  const connected = new Set<string>();
  const trust = { bundle: 'both', signing: 'new', withoutBundle: [], withoutCertificate: [], signedByOthers: 2 };
  assert.equal(signedElsewhere([], { signing: 'new' }), 0);
  assert.equal(signedElsewhere([{ connected, trust }], { signing: 'new' }), 2);
  assert.equal(signedElsewhere([{ connected, trust }, { connected }], { signing: 'other' }), 2);
});
