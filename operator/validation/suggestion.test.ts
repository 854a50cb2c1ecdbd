import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nearest } from './suggestion.ts';

it('suggests what is a few letters away, whatever the case', () => {
  const fields = ['timeouts', 'retries', 'mtls', 'loadBalancer'];
  assert.equal(nearest('timeout', fields), 'timeouts');
  assert.equal(nearest('retires', fields), 'retries');
  assert.equal(nearest('loadbalancer', fields), 'loadBalancer');
  assert.equal(nearest('mLTS', fields), undefined);
  assert.equal(nearest('MTLS', fields), 'mtls');
});

it('suggests nothing when nothing is near', () => {
  assert.equal(nearest('gateway', ['timeouts', 'retries']), undefined);
  assert.equal(nearest('x', []), undefined);
});

it('takes the nearest of several', () => {
  assert.equal(nearest('maxRequest', ['maxRetries', 'maxRequests', 'maxRequestsPerConnection']), 'maxRequests');
});
