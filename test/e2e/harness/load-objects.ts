import { podTemplate, programContainer } from './objects.ts';

/** Where the backend and its caller are. */
export const LOAD_NAMESPACE = 'lifecycle';

/** Calls a second, of each of two protocols. */
export const RATE = 100;

/** What the backend and its caller are made of. */
export interface LoadOptions {
  readonly image: string;
  /** The texts of the programs. */
  readonly served: string;
  readonly load: string;
  /** Where the caller runs and stays. */
  readonly node: string;
  readonly controlPort: number;
}

const HTTP_PORT = 8080;
const H2_PORT = 8081;

/** The namespace, first of all; a backend of two replicas on both nodes, which nobody calls twice; and who calls it. */
export function loadObjects({ controlPort, image, load, node, served }: LoadOptions): readonly object[] {
  const metadata = (name: string): object => ({ name, namespace: LOAD_NAMESPACE });
  const backend = programContainer({
    name: 'backend',
    image,
    program: served,
    env: { HTTP_PORT: String(HTTP_PORT), H2_PORT: String(H2_PORT) },
    more: {
      ports: [{ containerPort: HTTP_PORT }, { containerPort: H2_PORT }],
      readinessProbe: { httpGet: { path: '/', port: HTTP_PORT }, periodSeconds: 1, timeoutSeconds: 5 },
    },
  });
  const caller = programContainer({
    name: 'load',
    image,
    program: load,
    env: {
      HOST: `backend.${LOAD_NAMESPACE}.svc.cluster.local`,
      HTTP_PORT: String(HTTP_PORT),
      H2_PORT: String(H2_PORT),
      RATE: String(RATE),
      CONTROL_PORT: String(controlPort),
    },
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: LOAD_NAMESPACE, labels: { 'mesh.dot-kube.io/inject': 'enabled' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('backend'),
      spec: {
        selector: { app: 'backend' },
        ports: [
          { name: 'http', port: HTTP_PORT, targetPort: HTTP_PORT },
          { name: 'h2c', port: H2_PORT, targetPort: H2_PORT, appProtocol: 'kubernetes.io/h2c' },
        ],
      },
    },
    {
      apiVersion: 'mesh.dot-kube.io/v1alpha1',
      kind: 'MeshPolicy',
      metadata: metadata('no-retries'),
      spec: { mtls: { mode: 'Strict' }, retries: { attempts: 0 } },
    },
    deployment('backend', 2, podOf('backend', backend, spreadOver('backend'))),
    deployment('load', 1, podOf('load', caller, { nodeSelector: { 'kubernetes.io/hostname': node } })),
  ];
}

function podOf(app: string, container: object, more: object): object {
  const grace = { terminationGracePeriodSeconds: 30 };
  return podTemplate({
    labels: { app },
    serviceAccount: 'default',
    containers: [container],
    more: { ...grace, ...more },
  });
}

function deployment(app: string, replicas: number, template: object): object {
  // All new pods at once, so that many restarts take little time, and all old ones go at once.
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace: LOAD_NAMESPACE },
    spec: { replicas, strategy, selector: { matchLabels: { app } }, template },
  };
}

function spreadOver(app: string): object {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    // A node that is drained does not count.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { app } },
    matchLabelKeys: ['pod-template-hash'],
  };
  return { topologySpreadConstraints: [constraint] };
}
