/* oxlint-disable no-new -- a construct registers itself with its scope */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Chart, Testing } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { validateObject } from '../operator/validation/index.ts';
import { AuthorizationPolicy, MeshPolicy, TrafficSplit } from './index.ts';

const EXPECTED = `apiVersion: mesh.dot-kube.io/v1alpha1
kind: MeshPolicy
metadata:
  name: reviews
  namespace: bookstore
spec:
  targetRefs:
    - kind: Service
      name: reviews
  timeouts:
    request: 10s
  retries:
    attempts: 3
---
apiVersion: mesh.dot-kube.io/v1alpha1
kind: TrafficSplit
metadata:
  name: reviews
  namespace: bookstore
spec:
  service: reviews
  backends:
    - name: v1
      labels:
        version: v1
      weight: 90
    - name: v2
      labels:
        version: v2
      weight: 10
---
apiVersion: mesh.dot-kube.io/v1alpha1
kind: AuthorizationPolicy
metadata:
  name: reviews
  namespace: bookstore
spec:
  action: Allow
  rules:
    - from:
        - serviceAccounts:
            - frontend
      to:
        - methods:
            - GET
`;

function bookstore(): Chart {
  const chart = new Chart(Testing.app(), 'bookstore', { namespace: 'bookstore' });
  const metadata = { name: 'reviews' };
  new MeshPolicy(chart, 'policy', {
    metadata,
    spec: {
      targetRefs: [{ kind: 'Service', name: 'reviews' }],
      timeouts: { request: '10s' },
      retries: { attempts: 3 },
    },
  });
  new TrafficSplit(chart, 'split', {
    metadata,
    spec: {
      service: 'reviews',
      backends: [
        { name: 'v1', labels: { version: 'v1' }, weight: 90 },
        { name: 'v2', labels: { version: 'v2' }, weight: 10 },
      ],
    },
  });
  new AuthorizationPolicy(chart, 'access', {
    metadata,
    spec: { action: 'Allow', rules: [{ from: [{ serviceAccounts: ['frontend'] }], to: [{ methods: ['GET'] }] }] },
  });
  return chart;
}

it('synthesizes the three kinds as they are written by hand', () => {
  const objects: readonly unknown[] = Testing.synth(bookstore());
  const expected: readonly unknown[] = parseAllDocuments(EXPECTED).map((document): unknown => document.toJS());
  assert.deepEqual(objects, expected);
});

it('synthesizes objects that the API server takes', () => {
  const objects: readonly unknown[] = Testing.synth(bookstore());
  assert.deepEqual(objects.flatMap(validateObject), []);
});

it('gives an object without a name one from its path', () => {
  const chart = new Chart(Testing.app(), 'shop');
  new MeshPolicy(chart, 'strict', { spec: { mtls: { mode: 'Strict' } } });
  const [object] = Testing.synth(chart) as readonly { readonly metadata: { readonly name: string } }[];
  assert.match(object?.metadata.name ?? '', /^shop-strict-[a-z0-9]+$/);
  assert.deepEqual(validateObject(object), []);
});
