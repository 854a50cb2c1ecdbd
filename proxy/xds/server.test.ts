import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdsClient } from './testing/index.ts';
import { encodeResource, ResourceCache, typeUrls, XdsServer } from './index.ts';

test('smoke', async () => {
  const cache = new ResourceCache();
  const server = new XdsServer({
    cache,
    authenticate: async () => ({ proxyId: 'p', layers: ['mesh'] }),
    emptyResource: (type, name) => encodeResource(type, name, Buffer.from('')),
  });
  const { port } = await server.listenPlaintextOnLoopback({ port: 0 });
  const client = new AdsClient({ port });
  client.subscribe(typeUrls.listener);
  await new Promise((r) => setTimeout(r, 50));
  assert.equal(client.responses.length, 0);
  cache.update([{ layer: 'mesh', upsert: [encodeResource(typeUrls.listener, 'a', Buffer.from('xx'))], remove: [] }]);
  cache.markSynced();
  await client.until(() => client.resources(typeUrls.listener).size === 1);
  await client.close();
  await server.close();
});
