import { typeUrls } from '@dot-kube/proxy/xds';
import { rawStream, requestFrame } from '@dot-kube/proxy/xds/testing';
import { resourceKind } from '../../../operator/framework/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import { forgedTokens, type SigningKey, signingKey } from './tokens/forged.ts';
import { tokenFor } from './tokens/token-request.ts';
import { type Tenant, TenantMesh } from './tenants/tenant-mesh.ts';

/** How often each is tried. */
const TRIES: Readonly<Record<FaultSize, number>> = { short: 1, standard: 10, full: 200 };

const MISMATCH = 'another pod’s name with one’s own token';
const DELETED = 'the token of a pod that was deleted, right after it was accepted';
const SEVERAL = 'several tokens';
const REPLACED = 'the token of a pod that was replaced, right after it was accepted';

/** One way to be somebody else; answers how it ended, `served` when it worked. */
interface Attempt {
  readonly name: string;
  readonly attempt: () => Promise<string>;
}

async function run({ size }: FaultContext): Promise<readonly Check[]> {
  const key = await signingKey();
  await using mesh = await TenantMesh.start({ apiServerArgs: key.apiServerArgs });
  const [own, other] = mesh.tenants;
  if (own === undefined || other === undefined) throw new Error('there are four tenants');
  const checks: Check[] = [];
  const good = await mesh.outcomeOf({ token: own.token, nodeId: own.id });
  checks.push({ name: 'a good token', expected: 'served', measured: good, passed: good === 'served' });
  const groups: Readonly<Record<string, readonly Attempt[]>> = {
    [MISMATCH]: [{ name: other.id, attempt: () => mesh.outcomeOf({ token: own.token, nodeId: other.id }) }],
    'tokens of others, for something else, or none': tokens(mesh, own, other),
    [SEVERAL]: several(mesh, own, other),
    'tokens that have expired, or are forged': forgeries(mesh, own, key),
  };
  for (const [name, attempts] of Object.entries(groups)) checks.push(await refusedAll(name, attempts, TRIES[size]));
  checks.push(await refusedAll(REPLACED, [{ name: other.id, attempt: () => replaced(mesh, other) }]));
  checks.push(await refusedAll(DELETED, [{ name: own.id, attempt: () => deleted(mesh, own) }]));
  return checks;
}

async function refusedAll(name: string, attempts: readonly Attempt[], tries = 1): Promise<Check> {
  const served: string[] = [];
  const ends = new Map<string, number>();
  for (const { attempt, name: which } of attempts) {
    for (let index = 0; index < tries; index += 1) {
      const end = await attempt();
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (!/^(14|16|not made)$/.test(end)) served.push(`${which}: ${end}`);
    }
  }
  const how = [...ends].map(([end, count]) => `${count} × ${end}`).join(', ');
  const which = served.length === 0 ? '' : `: ${[...new Set(served)].slice(0, 5).join('; ')}`;
  return {
    name,
    expected: 'refused',
    measured: `${countsOf(served.length, attempts.length * tries, 'served')}, of ${attempts.length} kinds, ended with ${how}${which}`,
    passed: served.length === 0 && attempts.length > 0,
  };
}

function tokens(mesh: TenantMesh, own: Tenant, other: Tenant): readonly Attempt[] {
  const { cluster } = mesh;
  const as = (name: string, token: () => Promise<string | undefined>): Attempt => ({
    name,
    attempt: async () => {
      const made = await token();
      return made === undefined ? 'not made' : await mesh.outcomeOf({ token: made, nodeId: '' });
    },
  });
  return [
    as('the token of another pod’s account, bound to one’s own pod', () =>
      tokenFor(cluster, other.spec, { pod: own.spec.name }),
    ),
    as('a token for another audience', () => tokenFor(cluster, own.spec, { audiences: ['vault'] })),
    as('a token for the API server', () => tokenFor(cluster, own.spec, { audiences: [] })),
    as('a token that is bound to nothing', () => tokenFor(cluster, own.spec, { pod: false })),
    as('a token of a pod that is not of the mesh', async () => {
      const spec = { ...own.spec, name: 'stranger', ip: '10.9.0.99' };
      await cluster.pod(spec);
      const { metadata } = await cluster.api.get(POD, { namespace: spec.namespace, name: spec.name });
      const { 'mesh.dot-kube.io/status': _status, ...annotations } = metadata.annotations ?? {};
      const plain = { ...metadata, annotations, labels: {} };
      await cluster.api.replace(POD, { ...(await cluster.api.get(POD, plain as never)), metadata: plain });
      return await tokenFor(cluster, spec, {});
    }),
    as('garbage', async () => 'x'),
    as('a token that is too long', async () => 'x'.repeat(8193)),
    {
      name: 'a token that is no bearer token',
      attempt: () => mesh.outcomeOf({ token: '', headers: { authorization: `Basic ${own.token}` }, nodeId: own.id }),
    },
    {
      name: 'a token in another header',
      attempt: () => mesh.outcomeOf({ token: '', headers: { 'x-token': own.token } }),
    },
  ];
}

function several(mesh: TenantMesh, own: Tenant, other: Tenant): readonly Attempt[] {
  const both = `${own.token},${other.token}`;
  return [
    { name: 'the own one first', attempt: () => twoTokens(mesh, own.token, other.token) },
    { name: 'the own one last', attempt: () => twoTokens(mesh, other.token, own.token) },
    { name: 'in one header', attempt: () => mesh.outcomeOf({ token: both, nodeId: own.id }) },
  ];
}

const POD = resourceKind('v1', 'Pod');

/** What the API server's own key signed but is over, and what it did not sign. */
function forgeries(mesh: TenantMesh, own: Tenant, key: SigningKey): readonly Attempt[] {
  return forgedTokens(own.token, key).map(({ title, token }) => ({
    name: title,
    attempt: () => mesh.outcomeOf({ token, nodeId: own.id }),
  }));
}

async function twoTokens({ operator, roots }: TenantMesh, first: string, last: string): Promise<string> {
  const data = await rawStream({
    port: operator.xdsPort,
    ca: roots,
    fields: [
      [':method', 'POST'],
      [':scheme', 'https'],
      [':path', '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources'],
      [':authority', 'localhost'],
      ['content-type', 'application/grpc'],
      ['authorization', `Bearer ${first}`],
      ['authorization', `Bearer ${last}`],
    ],
    body: requestFrame({ typeUrl: typeUrls.secret, resourceNamesSubscribe: ['identity'], node: { id: 'x' } }),
  });
  return data.length > 0 ? 'served' : '16';
}

/** The API server and the control plane remember for a while what they have accepted. */
async function replaced(mesh: TenantMesh, { spec, token, id }: Tenant): Promise<string> {
  const { cluster } = mesh;
  if ((await mesh.outcomeOf({ token, nodeId: id })) !== 'served') return 'it was not accepted before';
  await cluster.kubectl('-n', spec.namespace, 'delete', 'pod', spec.name, '--force', '--grace-period=0');
  await cluster.pod(spec);
  // The new pod is known once its own token is good.
  const next = await cluster.token(spec);
  const deadline = performance.now() + 10_000;
  while ((await mesh.outcomeOf({ token: next, nodeId: id })) !== 'served')
    if (performance.now() > deadline) return 'the pod that replaced it is not served';
  return await mesh.outcomeOf({ token, nodeId: id });
}

async function deleted(mesh: TenantMesh, { spec, token, id }: Tenant): Promise<string> {
  if ((await mesh.outcomeOf({ token, nodeId: id })) !== 'served') return 'it was not accepted before';
  await using open = mesh.client({ token, nodeId: id });
  open.subscribe(typeUrls.secret, ['identity']);
  await open.until(() => open.responses.length > 0);
  await mesh.cluster.kubectl('-n', spec.namespace, 'delete', 'pod', spec.name, '--force', '--grace-period=0');
  // Its stream ends by that, too.
  await open.until(() => open.ended !== undefined, 10_000);
  return await mesh.outcomeOf({ token, nodeId: id });
}

/** Somebody connects with what is not a token of theirs. */
export const V3: Fault = {
  id: 'V3',
  title: 'Tokens of others, of pods that are gone, expired, for something else, forged, or several of them',
  expected: '100 % refused',
  isShort: true,
  controls: [
    {
      title: 'what a node calls itself is not compared with its token',
      file: 'operator/controllers/proxies/proxy-directory.ts',
      find: 'if (claimed !== podKey && this.#options.pods.get(claimed) !== undefined)',
      replace: 'if (claimed === podKey && this.#options.pods.get(claimed) === undefined)',
      fails: MISMATCH,
    },
    {
      title: 'of several tokens the first one counts',
      file: 'proxy/xds/server.ts',
      find: "each.toLowerCase() === 'authorization').length > 1",
      replace: "each.toLowerCase() === 'authorization').length > 2",
      fails: SEVERAL,
    },
  ],
  run,
};
