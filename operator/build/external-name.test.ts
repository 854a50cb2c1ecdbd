import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../api/index.ts';
import { serviceOfName } from './dns-name.ts';
import { compile } from './testing/compile.ts';

const external = (namespace: string, name: string, externalName: string): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { type: 'ExternalName', externalName, ports: [{ name: 'http', port: 80 }] },
});
const headless: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'pods' },
  spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80 }] },
};

const hostsOfPods = (...others: readonly Service[]) =>
  compile([headless, ...others])
    .services.get('shop/pods')
    ?.ports.flatMap(({ hosts }) => hosts.filter((host) => host.split('.').length === 2));

test('a headless Service is known by the names that ExternalNames give it, over others too', () => {
  const far = external('blog', 'far', 'near.blog.svc.cluster.local');
  const near = external('blog', 'near', 'PODS.shop.svc.cluster.local.');
  assert.deepEqual(hostsOfPods(far, near), ['pods.shop', 'far.blog', 'near.blog']);
  assert.deepEqual(hostsOfPods(far), ['pods.shop'], 'the link is gone');
});

test('names that lead back to themselves, of other clusters, or of nobody, are no names of it', () => {
  assert.deepEqual(
    hostsOfPods(
      external('blog', 'one', 'two.blog.svc.cluster.local'),
      external('blog', 'two', 'one.blog.svc.cluster.local'),
      external('blog', 'abroad', 'pods.shop.svc.elsewhere.example'),
      external('blog', 'short', 'pods.shop.svc'),
    ),
    ['pods.shop'],
  );
});

test('names of Services, and of their pods, are told from others', () => {
  const read = (name: string) => serviceOfName(name)?.key;
  assert.equal(read('reviews.shop.svc.cluster.local'), 'shop/reviews');
  assert.equal(read('pod-0.reviews.shop.svc.cluster.local.'), 'shop/reviews');
  assert.equal(read('a.pod-0.reviews.shop.svc.cluster.local'), undefined);
  assert.equal(read('svc.example.com'), undefined);
  assert.equal(read('www.example.com'), undefined);
  assert.equal(read(''), undefined);
});
