import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AuthenticationUnavailableError, encodeResource, typeUrls } from '@dot-kube/proxy/xds';
import type { Pod } from '../../api/index.ts';
import { classKeyOf } from '../../build/pod-class.ts';
import { type Api, ApiError } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import type { PodToken } from '../../identity/index.ts';
import { ProxyRefused } from '../proxies/proxy-directory.ts';
import { Snapshot } from './snapshot.ts';
import { StandbyDirectory } from './standby-directory.ts';

const pod = (name: string, uid: string, serviceAccountName = 'web'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, uid, labels: { app: 'web', 'mesh.dot-kube.io/status': 'injected' } },
  spec: { serviceAccountName, nodeName: 'node-1', containers: [{ name: 'app' }] },
});

const known = pod('web-0', 'u0');
const IDENTITY = 'identity/spiffe://cluster.local/ns/shop/sa/web';
const CLASS = `class/${classKeyOf(known)}`;
const token = (podName: string, podUid: string, serviceAccount = 'web'): PodToken => ({
  kind: 'pod',
  namespace: 'shop',
  serviceAccount,
  podName,
  podUid,
});

function setUp({ layers = [CLASS, IDENTITY], api = [] as readonly Pod[], isAway = false } = {}) {
  const snapshot = new Snapshot(new TestClock());
  const stream = snapshot.stream();
  const resource = encodeResource(typeUrls.secret, 's', Buffer.from('x'));
  const place = { type: typeUrls.secret, name: 's', state: 'acknowledged', isCurrent: true, resource } as const;
  stream.take({ kind: 'places', places: layers.map((layer) => ({ ...place, layer })), complete: true });
  const told = {
    key: 'shop/web-0',
    uid: 'u0',
    serviceAccount: 'web',
    node: 'node-1',
    layers: ['mesh', 'zone/r/z', CLASS, IDENTITY],
  };
  stream.take({ kind: 'pods', pods: [[told.key, told]] });
  const get = ((_kind: unknown, { name }: { readonly name: string }) => {
    const found = api.find(({ metadata }) => metadata.name === name);
    if (isAway) return Promise.reject(new ApiError({ code: 0, reason: 'Unreachable', message: 'away' }));
    return found === undefined
      ? Promise.reject(new ApiError({ code: 404, reason: 'NotFound', message: 'gone' }))
      : Promise.resolve(found);
  }) as Api['get'];
  let review: PodToken = token('web-0', 'u0');
  const directory = new StandbyDirectory({
    snapshot,
    tokens: { review: () => Promise.resolve(review) },
    api: { get },
    trustDomain: () => 'cluster.local',
  });
  const nobody = { cluster: '', locality: { region: '', zone: '', subZone: '' } };
  return (as: PodToken, claimed = '') => {
    review = as;
    return directory.authenticate({ token: 't', node: { ...nobody, id: claimed } });
  };
}

describe('a standby lets in', () => {
  it('a pod that the control plane told of, with what it told', async () => {
    const { proxyId, layers } = await setUp()(token('web-0', 'u0'));
    assert.deepEqual([proxyId, layers], ['shop/web-0', ['mesh', 'zone/r/z', CLASS, IDENTITY]]);
  });

  it('a pod that it told of while the API server is away', async () => {
    const { proxyId } = await setUp({ isAway: true })(token('web-0', 'u0'));
    assert.equal(proxyId, 'shop/web-0');
  });

  it('a new pod of the same workload, in the zone of its node', async () => {
    const { layers } = await setUp({ api: [pod('web-1', 'u1')] })(token('web-1', 'u1'));
    assert.deepEqual(layers, ['mesh', 'zone/r/z', CLASS, IDENTITY, 'proxy/shop/web-1']);
  });
});

describe('a standby refuses for good', () => {
  const refused = (attempt: Promise<unknown>): Promise<void> => assert.rejects(attempt, ProxyRefused);

  it('the token of a pod that had the same name', () =>
    refused(setUp({ api: [pod('web-0', 'u1')] })(token('web-0', 'older'))));
  it('the token of a pod that is gone', () => refused(setUp()(token('web-7', 'u7'))));
  it('the token of another service account than the pod has', () => refused(setUp()(token('web-0', 'u0', 'admin'))));
  it('whoever goes by the name of another pod', () =>
    refused(setUp({ api: [pod('web-1', 'u1')] })(token('web-1', 'u1'), 'shop/web-0')));
});

describe('a standby asks to come again', () => {
  const later = (attempt: Promise<unknown>): Promise<void> => assert.rejects(attempt, AuthenticationUnavailableError);

  it('a pod that it was not told of, while the API server is away', () =>
    later(setUp({ isAway: true })(token('web-1', 'u1'))));
  it('a pod of a workload whose proxies have acknowledged nothing', () =>
    later(setUp({ layers: [IDENTITY] })(token('web-0', 'u0'))));
  it('a pod of which there is no certificate', () => later(setUp({ layers: [CLASS] })(token('web-0', 'u0'))));
});
