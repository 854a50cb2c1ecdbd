import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeshCluster, startOperator, startProxy } from '../harness/index.ts';

test('a proxy with the token of its pod is served by an operator that runs as a process of its own', async () => {
  await using cluster = await MeshCluster.start();
  const pod = { namespace: 'default', name: 'web-0', app: 'web', ip: '10.244.0.7' };
  await cluster.pod(pod);
  await using operator = await startOperator({ kubeconfig: cluster.kubeconfig });
  await using proxy = await startProxy({
    operatorPort: operator.xdsPort,
    rootsPem: await operator.rootsPem(),
    token: await cluster.token(pod),
    proxyId: 'web-0.default',
  });
  const dump = await proxy.configDump();
  assert.ok(dump.includes('"name": "outbound"') && dump.includes('"name": "inbound"'));
  assert.ok(dump.includes('spiffe://cluster.local') || dump.includes('dynamic_active_secrets'));
});
