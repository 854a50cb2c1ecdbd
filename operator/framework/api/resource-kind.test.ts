import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiVersionOf, resourceKind, resourceNameOf } from './resource-kind.ts';

describe('a resource kind', () => {
  it('is named in the plural as Kubernetes names it', () => {
    const plurals = ['Service', 'Ingress', 'NetworkPolicy', 'Gateway', 'EndpointSlice', 'TrafficSplit', 'Endpoints'];
    assert.deepEqual(
      plurals.map((kind) => resourceKind('v1', kind).plural),
      ['services', 'ingresses', 'networkpolicies', 'gateways', 'endpointslices', 'trafficsplits', 'endpointses'],
    );
    assert.equal(resourceKind('v1', 'Endpoints', { plural: 'endpoints' }).plural, 'endpoints');
  });

  it('knows its group, version and resource name', () => {
    const core = resourceKind('v1', 'Service');
    const grouped = resourceKind('apps/v1', 'Deployment');
    assert.deepEqual(
      [core.group, core.version, apiVersionOf(core), resourceNameOf(core)],
      ['', 'v1', 'v1', 'services'],
    );
    assert.deepEqual(
      [grouped.group, apiVersionOf(grouped), resourceNameOf(grouped)],
      ['apps', 'apps/v1', 'deployments.apps'],
    );
  });
});
