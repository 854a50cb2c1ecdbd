import type { Check, Fault } from '../fault.ts';
import { CELLS, matrix } from './tenants/matrix.ts';
import { HEALTH, PLAIN, ports } from './tenants/ports.ts';
import { TenantMesh } from './tenants/tenant-mesh.ts';

async function run(): Promise<readonly Check[]> {
  await using mesh = await TenantMesh.start();
  return [...(await matrix(mesh)), ...(await ports(mesh))];
}

/** Somebody asks the control plane for what is another's, with its default flags. */
export const V2: Fault = {
  id: 'V2',
  title: 'Proxies claim to be others and ask for what others have; strangers ask at every port',
  expected: '0 of all cells leak; no xDS without TLS and a token; nothing secret at the health port',
  isShort: true,
  controls: [
    {
      title: 'all identities share a layer',
      file: 'operator/controllers/mesh/entry.ts',
      find: '`identity/${spiffeUri}`',
      replace: '`identity/all${spiffeUri.slice(spiffeUri.length)}`',
      fails: CELLS,
    },
    {
      title: 'the inbound configuration of all workloads is one',
      file: 'operator/controllers/mesh/entry.ts',
      find: '`class/${key}`',
      replace: '`class/all${key.slice(key.length)}`',
      fails: CELLS,
    },
    {
      title: 'what is for the own host is answered to everybody',
      file: 'operator/framework/manager/health-server.ts',
      find: 'question !== undefined && isFromHere(request)',
      replace: 'question !== undefined && isFromHere !== undefined',
      fails: HEALTH,
    },
    {
      title: 'xDS is served without TLS, too',
      file: 'operator/operator-flags.ts',
      find: "'plaintext-xds': { type: 'string' }",
      replace: "'plaintext-xds': { type: 'string', default: '127.0.0.1:0' }",
      fails: PLAIN,
    },
  ],
  run,
};
