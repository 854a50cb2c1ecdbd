import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeUrls, type XdsServer } from '@dot-kube/proxy/xds';
import { proxyTrusts } from './proxy-trust.ts';

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
