import type { AuthorizationPolicy } from '@dot-kube/proxy/model';
import type { AuthorizationPolicySpec } from '../../../../operator/api/index.ts';
import { compile } from '../../../../operator/build/testing/compile.ts';
import { type CaStore, MemoryCaStore } from '../../../../operator/identity/index.ts';
import { authorizationPolicy, NAMESPACE, pod, podSpec } from '../../../../operator/build/testing/objects.ts';
import {
  buildWorkload,
  endpoint,
  identity,
  SETTINGS,
  startMesh,
  type TestMesh,
  type TestProxy,
} from '../../../integration/envoy/harness/index.ts';
import { type Judge, type RawApplication, startRawApplication } from './raw-application.ts';
import { type Dial, dialTcp } from './raw-caller.ts';

/** An application behind policies, and who knows what must not reach it. */
export interface GuardedCase {
  readonly name: string;
  readonly policies: readonly AuthorizationPolicySpec[];
  readonly judge: Judge;
}

/** A running one. */
export interface Guarded {
  readonly name: string;
  readonly application: RawApplication;
  /** Through the caller's Envoy, and so by mutual TLS through the application's. */
  readonly dial: Dial;
  /** Where the application's Envoy takes connections in. */
  readonly inbound: { readonly address: string; readonly port: number };
}

/** Real Envoys on both sides, and an application for each case. */
export interface GuardedMesh extends AsyncDisposable {
  readonly mesh: TestMesh;
  readonly server: TestProxy;
  readonly guarded: readonly Guarded[];
}

const FIRST_PORT = 7000;

/** Starts a pair of Envoys with the policies as the operator compiles them. The caller is `shop/client`. */
export async function startGuardedMesh(
  cases: readonly GuardedCase[],
  store: CaStore = new MemoryCaStore(),
): Promise<GuardedMesh> {
  await using scope = new AsyncDisposableStack();
  const mesh = scope.use(await startMesh(store));
  const applications: RawApplication[] = [];
  for (const { judge } of cases) applications.push(scope.use(await startRawApplication(judge)));
  const ports = cases.map(({ policies }, index) => ({
    port: FIRST_PORT + index,
    authorization: authorizationOf(policies),
  }));
  const targets = Object.fromEntries(ports.map(({ port }, index) => [port, applications[index] as RawApplication]));
  const server = await mesh.proxy({ name: 'server', workload: buildWorkload('server', ports), targets });
  const services = cases.map((_case, index) => `service-${index}`);
  await mesh.service(
    ...services.map((name, index) => ({
      name,
      endpoints: [endpoint(server.at(FIRST_PORT + index), { mtls: true })],
      cluster: { identities: [identity('server')] },
    })),
  );
  const client = await mesh.proxy({ name: 'client', calls: services });
  const guarded = cases.map(({ name }, index): Guarded => {
    const application = applications[index] as RawApplication;
    return {
      name,
      application,
      dial: dialTcp(client.to(services[index] ?? '')),
      inbound: server.at(FIRST_PORT + index),
    };
  });
  const rest = scope.move();
  return { mesh, server, guarded, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

/** What the operator makes of policies for all pods of their namespace. Throws when one of them is lost on the way. */
export function authorizationOf(specs: readonly AuthorizationPolicySpec[]): readonly AuthorizationPolicy[] {
  const workload = pod(
    'server-0',
    podSpec({
      serviceAccountName: 'server',
      containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }],
    }),
  );
  const policies = specs.map((spec, index) => authorizationPolicy(`${NAMESPACE}/policy-${index}`, spec));
  const [made] = compile([workload, ...policies], SETTINGS).workloads.values();
  const authorization = made?.ports.find(({ port }) => port === 8080)?.authorization ?? [];
  if (authorization.length !== specs.length) throw new Error(`${specs.length} policies became ${authorization.length}`);
  return authorization;
}
