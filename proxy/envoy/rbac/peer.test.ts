import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrincipalMatch, SourceMatch } from '../../model/index.ts';
import { peer } from './peer.ts';

const NOBODY: SourceMatch = { principals: [], notPrincipals: [], ipBlocks: [], notIpBlocks: [] };
const exact = (value: string): PrincipalMatch => ({ kind: 'exact', value });
const uri = (value: string) => ({
  identifier: { case: 'authenticated', value: { principalName: { matchPattern: { case: 'exact', value } } } },
});
const anyIdentity = {
  identifier: {
    case: 'authenticated',
    value: { principalName: { matchPattern: { case: 'prefix', value: 'spiffe://' } } },
  },
};

test('whoever has no identity is not let in for not being somebody, and is kept out for it', () => {
  const source = { ...NOBODY, notPrincipals: [exact('spiffe://a')] };
  const nobody = { identifier: { case: 'notId', value: uri('spiffe://a') } };
  assert.deepEqual(peer(source, 'deny'), nobody);
  assert.deepEqual(peer(source, 'allow'), { identifier: { case: 'andIds', value: { ids: [anyIdentity, nobody] } } });
});

test('groups of principals all have to fit, and in each any', () => {
  const source = { ...NOBODY, principals: [[exact('spiffe://b'), exact('spiffe://a')], [exact('spiffe://a')]] };
  const either = { identifier: { case: 'orIds', value: { ids: [uri('spiffe://a'), uri('spiffe://b')] } } };
  assert.deepEqual(peer(source, 'allow'), {
    identifier: { case: 'andIds', value: { ids: [uri('spiffe://a'), either] } },
  });
});

test('an identity is one of the mesh, whatever else a certificate may say', () => {
  assert.deepEqual(peer({ ...NOBODY, principals: [[{ kind: 'any-authenticated' }]] }, 'allow'), anyIdentity);
  assert.deepEqual(peer({ ...NOBODY, principals: [[{ kind: 'prefix', value: '' }]] }, 'allow'), anyIdentity);
});

test('the end of a namespace is that of a namespace alone', () => {
  const match = { kind: 'namespace-suffix', trustDomain: 'cluster.local', value: '-prod' } as const;
  const { identifier } = peer({ ...NOBODY, principals: [[match]] }, 'allow');
  assert.ok(identifier?.case === 'authenticated');
  const pattern = identifier.value.principalName?.matchPattern;
  assert.ok(pattern?.case === 'safeRegex');
  const regex = new RegExp(`^(?:${pattern.value.regex ?? ''})$`);
  assert.match('spiffe://cluster.local/ns/shop-prod/sa/x', regex);
  assert.doesNotMatch('spiffe://cluster.local/ns/shop/sa/x-prod', regex);
  assert.doesNotMatch('spiffe://clusterXlocal/ns/shop-prod/sa/x', regex);
  assert.doesNotMatch('spiffe://cluster.local/ns/a/b-prod/sa/x', regex);
});

test('addresses are those of the connection', () => {
  const made = peer({ ...NOBODY, ipBlocks: ['10.0.0.0/8'], notIpBlocks: ['10.0.0.7'] }, 'allow');
  assert.deepEqual(made, {
    identifier: {
      case: 'andIds',
      value: {
        ids: [
          { identifier: { case: 'directRemoteIp', value: { addressPrefix: '10.0.0.0', prefixLen: 8 } } },
          {
            identifier: {
              case: 'notId',
              value: { identifier: { case: 'directRemoteIp', value: { addressPrefix: '10.0.0.7', prefixLen: 32 } } },
            },
          },
        ],
      },
    },
  });
});
