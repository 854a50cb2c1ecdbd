import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import type { AdsClient } from '@dot-kube/proxy/xds/testing';
import { type ProxyProcess, startProxy } from '../../integration/harness/index.ts';
import type { Check, Fault, FaultContext } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import { type Tenant, TenantMesh } from './tenants/tenant-mesh.ts';
import { FAILURES, FailingJudge, SILENCE } from './tokens/failing-judge.ts';
import { FORGED, LAST, publishedKeys } from './tokens/published-keys.ts';
import { claimsOf, forgedTokens, signed, type SigningKey, signingKey } from './tokens/forged.ts';

const WHILE = 'tokens while nobody judges them';
const KEPT = 'a proxy that was let in before';

async function run({ say, size }: FaultContext): Promise<readonly Check[]> {
  const [key, old] = [await signingKey(), await signingKey()];
  let judge: FailingJudge | undefined;
  await using mesh = await TenantMesh.start({
    apiServerArgs: [
      ...key.apiServerArgs,
      ...old.apiServerArgs.filter((flag) => flag.startsWith('--service-account-key-file')),
    ],
    kubeconfigOf: async ({ kubeconfig }, scope) => {
      judge = scope.use(await FailingJudge.start(kubeconfig));
      return judge.kubeconfig;
    },
  });
  const [own, other] = mesh.tenants;
  if (judge === undefined || own === undefined || other === undefined) throw new Error('unreachable');
  await using scope = new AsyncDisposableStack();
  const before = scope.use(await envoy(mesh, own, own.token, 'live'));
  await using stream = mesh.client({ token: own.token, nodeId: own.id });
  stream.subscribe(typeUrls.secret, ['identity']);
  await stream.until(() => stream.responses.length > 0);
  const failures = Object.entries(FAILURES);
  if (size !== 'short') failures.push(['nothing, for ever', SILENCE]);
  const tried = await whileFailing(mesh, judge, failures, key, say);
  judge.failure = FAILURES['an error (500)'];
  const forger = scope.use(await envoy(mesh, other, forgedTokens(other.token, key)[0]?.token ?? '', 'started', 3));
  const late = scope.use(await envoy(mesh, other, await mesh.cluster.token(other.spec), 'started', 4));
  await delay(1500);
  const refused = [await forger.stat('control_plane.connected_state'), await late.isLive()] as const;
  const kept = await keptBy(before, stream);
  judge.failure = undefined;
  const back = await liveWithin(late, 15_000);
  return [
    tried,
    {
      name: 'Envoys that come while nobody judges',
      expected: 'neither is let in; the one with a good token is, when somebody judges again',
      measured: `${refused[1] ? 'live' : 'not live'}, then ${back === undefined ? 'not live' : `live after ${back.toFixed(1)} s`}; with a forged token ${(await forger.isLive()) ? 'live' : 'never live'}`,
      passed: !refused[1] && back !== undefined && !(await forger.isLive()),
    },
    kept,
    await rotated(mesh, own, key, old),
    ...(await publishedKeys(judge, own.token, forgedTokens(own.token, key), size)),
  ];
}

/** Nobody is let in by a token that was not seen before, whatever the answer. */
async function whileFailing(
  mesh: TenantMesh,
  judge: FailingJudge,
  failures: readonly (readonly [string, FailingJudge['failure']])[],
  key: SigningKey,
  say: FaultContext['say'],
): Promise<Check> {
  const served: string[] = [];
  const ends = new Map<string, number>();
  let count = 0;
  for (const [what, failure] of failures) {
    judge.failure = failure;
    const tokens = await Promise.all(
      mesh.tenants.map(async (tenant) => ({
        tenant,
        token: await mesh.cluster.token(tenant.spec),
        title: 'a good token',
      })),
    );
    const forged = mesh.tenants
      .slice(0, 1)
      .flatMap((tenant) => forgedTokens(tenant.token, key).map((each) => ({ tenant, ...each })));
    const outcomes = [...tokens, ...forged].map(async ({ tenant, title, token }) => {
      const end = await mesh.outcomeOf({ token, nodeId: tenant.id });
      count += 1;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (end !== '14' && end !== '16') served.push(`${title}, with the answer ${what}: ${end}`);
    });
    await Promise.all(outcomes);
    say(`the answer to reviews was ${what}: ${outcomes.length} tokens`);
  }
  judge.failure = undefined;
  const how = [...ends].map(([end, times]) => `${times} × ${end}`).join(', ');
  const which = served.length === 0 ? '' : `: ${[...new Set(served)].slice(0, 4).join('; ')}`;
  return {
    name: WHILE,
    expected: '0 accepted',
    measured: `${countsOf(served.length, count, 'accepted')}, with ${failures.length} kinds of answers, ended with ${how}${which}`,
    passed: served.length === 0 && count > 0,
  };
}

async function keptBy(proxy: ProxyProcess, stream: AdsClient): Promise<Check> {
  const isLive = await proxy.isLive();
  const hasCertificate = (await proxy.admin('/certs')).includes('spiffe://');
  const isConnected = stream.ended === undefined && (await proxy.stat('control_plane.connected_state')) === 1;
  return {
    name: KEPT,
    expected: 'stays connected, with its certificate and its configuration',
    measured: `${isLive ? 'live' : 'not live'}, ${isConnected ? 'connected' : 'not connected'}, ${hasCertificate ? 'with' : 'without'} a certificate`,
    passed: isLive && isConnected && hasCertificate,
  };
}

/** The API server's keys change: what the old one signed is good as long as the API server says so, and no third key is. */
async function rotated(mesh: TenantMesh, { id, token }: Tenant, key: SigningKey, old: SigningKey): Promise<Check> {
  const { claims, header } = claimsOf(token);
  const third = await signingKey();
  const outcome = (by: SigningKey) =>
    mesh.outcomeOf({ token: signed({ ...header, kid: undefined }, claims, by.privateKey), nodeId: id });
  const [present, previous, unknown] = [await outcome(key), await outcome(old), await outcome(third)];
  return {
    name: 'keys that rotate',
    expected: 'the present and the previous one are good while the API server has both, and no third one',
    measured: `present ${present}, previous ${previous}, third ${unknown}`,
    passed: present === 'served' && previous === 'served' && unknown === '16',
  };
}

async function envoy(
  mesh: TenantMesh,
  tenant: Tenant,
  token: string,
  until: 'live' | 'started',
  number = 2,
): Promise<ProxyProcess> {
  const pod = await mesh.network.pod(number);
  return await startProxy({
    controlPlanes: [{ host: mesh.outerAddress, port: mesh.operator.xdsPort }],
    rootsPem: mesh.roots,
    token,
    proxyId: tenant.id,
    networkOf: pod.holderPid,
    until,
  });
}

async function liveWithin(proxy: ProxyProcess, milliseconds: number): Promise<number | undefined> {
  const began = performance.now();
  while (!(await proxy.isLive())) {
    if (performance.now() - began > milliseconds) return undefined;
    await delay(50);
  }
  return (performance.now() - began) / 1000;
}

/** Whoever judges tokens fails, its keys cannot be read, and tokens are forged. */
export const V4: Fault = {
  id: 'V4',
  title:
    'Whoever judges JWTs, or publishes the keys for it, answers nothing, an error, HTML, no verdict; keys rotate; tokens are forged',
  expected:
    '0 accepted; the last good keys are kept; who was let in before stays; good ones are let in when it judges again',
  isShort: true,
  controls: [
    {
      title: 'the signature of a token is not looked at where the API server does not judge',
      file: 'operator/identity/signed-token-reviewer.ts',
      find: ' || !isSigned(parts, key)',
      replace: '',
      fails: FORGED,
    },
    {
      title: 'keys that were read before go when there are none in an answer',
      file: 'operator/identity/signing-keys.ts',
      find: 'if (read.keys.size === 0)',
      replace: 'if (read.keys.size < 0)',
      fails: LAST,
    },
    {
      title: 'no verdict is a good one',
      file: 'operator/identity/api-token-reviewer.ts',
      find: 'if (status?.authenticated !== true)',
      replace: 'if (status === undefined || status === null || status.authenticated === false)',
      fails: WHILE,
    },
    {
      title: 'no audience is the right one',
      file: 'operator/identity/api-token-reviewer.ts',
      find: 'if (!(status.audiences ?? []).includes(TOKEN_AUDIENCE))',
      replace: 'if (!(status.audiences ?? [TOKEN_AUDIENCE]).includes(TOKEN_AUDIENCE))',
      fails: WHILE,
    },
  ],
  run,
};
