import { X509Certificate } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { NAMESPACE, NODE, POD, type Pod } from '../../api/index.ts';
import { PROXY_CONTAINER } from '../../build/index.ts';
import { ApiError, isNotFound } from '../../framework/api/api-error.ts';
import { fieldOf } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { resourceKind } from '../../framework/api/resource-kind.ts';
import { LEASE } from '../../framework/manager/lease.ts';
import { INJECT_LABEL } from '../../webhooks/injection/names.ts';
import { INJECTION_WEBHOOK } from '../../webhooks/injection/webhook/configuration.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { portForward } from '../cluster/port-forward.ts';
import { servesInjectionPolicies } from '../cluster/served.ts';
import {
  CA_SECRET,
  CRD,
  OPERATOR,
  OPERATOR_PODS,
  OPERATOR_PORTS,
  PART_OF,
  SECRET,
  SYSTEM,
} from '../cluster/system-names.ts';
import { operatorDeployment } from '../install/installed-version.ts';
import { listAt } from '../proxy-config/dump.ts';
import { askReplicas } from '../proxy-status/ask-replicas.ts';
import type { CertificateLife, CheckFacts, Fact } from './facts.ts';
import { permissionsOf } from './permissions.ts';

const WEBHOOK = resourceKind('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { namespaced: false });
const TLS_TIMEOUT_MS = 10_000;

/** Asks for everything at once; what cannot be known is a fact too. */
export async function gatherFacts(cluster: Cluster, version: string): Promise<CheckFacts> {
  const { api } = cluster;
  const labelSelector = `${PART_OF.key}=${PART_OF.value}`;
  const operatorPods = fact(
    async () => (await api.list(POD, { namespace: SYSTEM, labelSelector: OPERATOR_PODS })).items,
  );
  const facts = {
    kubernetes: fact(async () => {
      const began = Date.now();
      const { date, value } = await cluster.get<{ readonly gitVersion?: string }>('/version');
      return { version: value.gitVersion ?? '', date, local: (began + Date.now()) / 2 };
    }),
    permissions: fact(() => permissionsOf(api)),
    policiesServed: fact(() => servesInjectionPolicies(cluster)),
    definitions: fact(async () => (await api.list(CRD, { labelSelector })).items),
    deployment: fact(() => operatorDeployment(api)),
    operatorPods,
    lease: fact(() => orNothing(api.get(LEASE, { namespace: SYSTEM, name: OPERATOR }))),
    root: fact(async () => rootOf(await orNothing(api.get(SECRET, { namespace: SYSTEM, name: CA_SECRET })))),
    controlPlane: fact(async () => await controlPlaneCertificate(cluster, await operatorPods)),
    webhook: fact(async () => bundlesOf(await orNothing(api.get(WEBHOOK, { name: INJECTION_WEBHOOK })))),
    injection: fact(() => isInjected(cluster)),
    namespaces: fact(async () => (await api.list(NAMESPACE, { labelSelector: `${INJECT_LABEL}=enabled` })).items),
    pods: fact(async () => (await api.list(POD)).items),
    nodes: fact(async () => (await api.list(NODE)).items),
    proxies: fact(() => askReplicas(cluster)),
  };
  const known = await Promise.all(Object.entries(facts).map(async ([name, value]) => [name, await value] as const));
  return {
    ...(Object.fromEntries(known) as Omit<CheckFacts, 'version' | 'server'>),
    version,
    server: cluster.connection.server,
  };
}

async function fact<T>(ask: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await ask() };
  } catch (thrown) {
    const { code, message } = ApiError.from(thrown);
    return { unknown: message, code };
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** The certificate that new ones are signed by, of the operator's own form or of a Secret of the type kubernetes.io/tls. */
function rootOf(secret: KubernetesObject | undefined): CertificateLife | { readonly unreadable: string } | undefined {
  if (secret === undefined) return undefined;
  const data = fieldOf(secret, 'data');
  const text = (key: string): string => {
    const value = fieldOf(data, key);
    return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
  };
  const state = text('ca.json');
  try {
    const own: unknown = state === '' ? undefined : fieldOf(fieldOf(JSON.parse(state), 'current'), 'certificatePem');
    return (
      lifeOf(typeof own === 'string' ? own : text('tls.crt')) ?? { unreadable: 'it has neither ca.json nor tls.crt' }
    );
  } catch {
    // The parser would quote what is in it.
    return { unreadable: `what ${state === '' ? 'tls.crt' : 'ca.json'} holds is no certificate` };
  }
}

function bundlesOf(
  configuration: KubernetesObject | undefined,
): readonly { name: string; bundle: CertificateLife | undefined }[] {
  return listAt(configuration, 'webhooks').map((webhook) => {
    const bundle = fieldOf(fieldOf(webhook, 'clientConfig'), 'caBundle');
    const pem = typeof bundle === 'string' ? Buffer.from(bundle, 'base64').toString('utf8') : '';
    return { name: String(fieldOf(webhook, 'name')), bundle: lifeOf(pem) };
  });
}

function lifeOf(pem: string): CertificateLife | undefined {
  if (pem === '') return undefined;
  const { validFrom, validTo } = new X509Certificate(pem);
  return { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
}

/** What a pod would be that asks for a proxy. Nothing is stored. */
async function isInjected({ api }: Cluster): Promise<boolean> {
  const metadata = { name: 'dotkube-check', namespace: 'default', labels: { [INJECT_LABEL]: 'enabled' } };
  const spec = { serviceAccountName: 'default', containers: [{ name: 'app', image: 'app' }] };
  const made = await api.create<Pod>(POD, { apiVersion: 'v1', kind: 'Pod', metadata, spec }, { dryRun: true });
  return (made.spec?.initContainers ?? []).some(({ name }) => name === PROXY_CONTAINER);
}

/** What the first replica that runs shows to whoever connects to it as proxies do. Nothing is sent. */
async function controlPlaneCertificate({ connection }: Cluster, pods: Fact<readonly Pod[]>): Promise<CertificateLife> {
  const running = 'value' in pods ? pods.value.find(({ status }) => status?.phase === 'Running') : undefined;
  if (running === undefined) throw new Error('no replica of the operator runs');
  const stream = await portForward(connection, { namespace: SYSTEM, name: running.metadata.name }, OPERATOR_PORTS.xds);
  // Whom it is signed by is not asked here: proxies have that from their ConfigMap.
  const socket = connectTls({ socket: stream, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  try {
    return await new Promise((resolve, reject) => {
      socket.setTimeout(TLS_TIMEOUT_MS, () => reject(new Error('the control plane does not answer')));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
        resolve({ notBefore: Date.parse(from), notAfter: Date.parse(to) });
      });
    });
  } finally {
    socket.destroy();
    stream.destroy();
  }
}
