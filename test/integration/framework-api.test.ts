import { apiContract } from '../../operator/framework/testing/index.ts';
import { startFrameworkCluster } from './framework-cluster.ts';

apiContract('the API of a real API server, over HTTP', async () => {
  const cluster = await startFrameworkCluster();
  const { api, namespace } = cluster;
  return { api, namespace, collectsGarbage: false, bookmarkSeconds: 5, close: () => cluster.close() };
});
