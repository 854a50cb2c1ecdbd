import { pushOrder, typeUrls } from '@dot-kube/proxy/xds';
import type { AdsClientOptions } from '@dot-kube/proxy/xds/testing';
import type { Check } from '../../fault.ts';
import { countsOf } from '../../harness/counts.ts';
import { everythingFor, identitiesIn, keysIn, leaksIn, type Seen } from './seen.ts';
import type { Tenant, TenantMesh } from './tenant-mesh.ts';

/** The names of its checks, which controls turn red. */
export const CELLS = 'cells of identity, claim and type in which somebody else’s is seen';
export const OWN = 'what is one’s own';
export const CLAIMS = 'claims to be another pod';

const PARALLEL = 4;

/** Secrets are not served but by name. */
const SECRETS = ['identity', 'roots'];

/** What a proxy may say of itself. */
interface Claim {
  readonly title: string;
  readonly node: { readonly id: string; readonly cluster?: string; readonly namespace?: string };
  /** It is refused: it names another pod. */
  readonly isRefused: boolean;
}

/** Each tenant's token with each claim, asking for every name that anybody has seen. */
export async function matrix(mesh: TenantMesh): Promise<readonly Check[]> {
  const first = await ownOf(mesh, SECRETS);
  const names = [...new Set([...SECRETS, ...[...first.values()].flatMap(namesIn), ...mesh.tenants.flatMap(guessesOf)])];
  const own = await ownOf(mesh, names);
  const keys = new Map([...own].map(([tenant, seen]) => [tenant, keysIn(seen.get(typeUrls.secret) ?? '')[0] ?? '']));
  const cells = mesh.tenants.flatMap((tenant) => claimsOf(mesh, tenant).map((claim) => ({ tenant, claim })));
  const leaks: string[] = [];
  const refusals = { of: 0, refused: 0, others: new Set<string>() };
  let looked = 0;
  const next = async (): Promise<void> => {
    for (let cell = cells.shift(); cell !== undefined; cell = cells.shift()) {
      const { claim, tenant } = cell;
      if (claim.isRefused) {
        refusals.of += 1;
        const outcome = await mesh.outcomeOf({ token: tenant.token, nodeId: claim.node.id });
        if (outcome === '16') refusals.refused += 1;
        else refusals.others.add(outcome);
      }
      const seen = await seenBy(mesh, tenant, claim.node, names);
      const others = mesh.tenants.filter((each) => each !== tenant);
      for (const type of pushOrder) {
        looked += 1;
        const found = leaksIn(seen.get(type) ?? '', tenant, keys.get(tenant) ?? '', others);
        leaks.push(...found.map((what) => `${tenant.id} as ${claim.title} sees ${what}`));
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, next));
  const incomplete = mesh.tenants.filter((tenant) => !isComplete(own.get(tenant), tenant)).map(({ id }) => id);
  return [
    {
      name: CELLS,
      expected: '0',
      measured: `${countsOf(leaks.length, looked, 'leak')}${leaks.length === 0 ? '' : `: ${[...new Set(leaks)].slice(0, 3).join('; ')}`}`,
      passed: leaks.length === 0 && looked > 0,
    },
    {
      name: OWN,
      expected: 'each has its certificate with its key, and its inbound configuration',
      measured: incomplete.length === 0 ? `all ${mesh.tenants.length} have` : `${incomplete.join(', ')} have not`,
      passed: incomplete.length === 0,
    },
    {
      name: CLAIMS,
      expected: 'all refused as unauthenticated (16)',
      measured: `${countsOf(refusals.refused, refusals.of, 'refused')}${refusals.others.size === 0 ? '' : `, others ${[...refusals.others].join(', ')}`}`,
      passed: refusals.refused === refusals.of && refusals.of > 0,
    },
  ];
}

/** What each tenant gets as itself. */
async function ownOf(mesh: TenantMesh, names: readonly string[]): Promise<ReadonlyMap<Tenant, Seen>> {
  const seen = mesh.tenants.map(
    async (tenant) => [tenant, await seenBy(mesh, tenant, { id: tenant.id }, names)] as const,
  );
  return new Map(await Promise.all(seen));
}

async function seenBy(
  mesh: TenantMesh,
  { token }: Tenant,
  { id, cluster = 'test', namespace }: Claim['node'],
  names: readonly string[],
): Promise<Seen> {
  const options: Omit<AdsClientOptions, 'port' | 'ca'> = { token, nodeId: id };
  await using client = mesh.client(options);
  const metadata =
    namespace === undefined ? {} : { NAMESPACE: namespace, SERVICE_ACCOUNT: 'teller', identity: 'teller' };
  client.send({
    typeUrl: typeUrls.secret,
    node: { id, cluster, metadata, locality: { region: cluster, zone: cluster } },
  });
  return await everythingFor(client, names);
}

function claimsOf({ tenants }: TenantMesh, own: Tenant): readonly Claim[] {
  const others = tenants.filter((tenant) => tenant !== own);
  const free = (title: string, node: Claim['node']): Claim => ({ title, node, isRefused: false });
  return [
    free('itself', { id: own.id }),
    free('nobody', { id: '' }),
    free('a pod that is not there', { id: 'bank/none' }),
    free('a prototype', { id: '__proto__', cluster: 'constructor' }),
    free('a path', { id: '../bank/teller-0' }),
    free('another layer', { id: `identity/${others.at(-1)?.spiffeId}`, cluster: 'mesh' }),
    ...others.map(({ id, spec, spiffeId }) =>
      free(`itself with the cluster and the metadata of ${id}`, {
        id: own.id,
        cluster: spiffeId,
        namespace: spec.namespace,
      }),
    ),
    ...others.map(({ spec: { name, namespace } }) => free(`${name}.${namespace}`, { id: `${name}.${namespace}` })),
    ...others.map(({ id }): Claim => ({ title: id, node: { id }, isRefused: true })),
  ];
}

function namesIn(seen: Seen): readonly string[] {
  const words = [...seen.values()].flatMap((text) => text.match(/[\w.:/-]{4,100}/g) ?? []);
  return words.filter((word) => !word.includes('type.googleapis') && /[/:]/.test(word));
}

/** By which names somebody might ask for what is another's. */
function guessesOf({ id, spec: { app, namespace }, spiffeId }: Tenant): readonly string[] {
  return [
    spiffeId,
    `identity/${spiffeId}`,
    `identity:${spiffeId}`,
    `proxy/${id}`,
    `class/${namespace}/${app}`,
    id,
    `${id}/identity`,
    `../${id}/identity`,
    'inbound',
    'xdstp://cluster.local/*',
  ];
}

function isComplete(seen: Seen | undefined, { marker, spiffeId }: Tenant): boolean {
  const secrets = seen?.get(typeUrls.secret) ?? '';
  const all = [...(seen?.values() ?? [])].join('\n');
  return keysIn(secrets).length > 0 && identitiesIn(secrets).includes(spiffeId) && all.includes(marker);
}
