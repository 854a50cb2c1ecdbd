/* oxlint-disable no-new -- a construct registers itself with its scope */
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { imageOf } from './image.ts';
import { OPERATOR, OPERATOR_LABELS, PORTS, SYSTEM_NAMESPACE } from './names.ts';
import { operatorArgs } from './operator-args.ts';
import type { SystemValues } from './values/values.ts';

/** The user that distroless images call `nonroot`. */
const NOBODY = 65_532;

/**
 * The operator's Deployment. Not a Deployment of cdk8s-plus: the pods have fields that it does not know, and defaults of its
 * own that nobody would look for. Labels are those that every object gets and pods do not get by themselves.
 */
export function addDeployment(scope: Construct, values: SystemValues, labels: Readonly<Record<string, string>>): void {
  const { podLabels, podAnnotations } = values;
  new ApiObject(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: OPERATOR, namespace: SYSTEM_NAMESPACE },
    spec: {
      replicas: values.replicas,
      revisionHistoryLimit: 3,
      selector: { matchLabels: OPERATOR_LABELS },
      // Proxies go over to the new replicas while the old ones still serve.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...podLabels, ...labels, ...OPERATOR_LABELS },
          ...ifAny('annotations', podAnnotations),
        },
        spec: podSpec(values),
      },
    },
  });
}

function podSpec(values: SystemValues) {
  return {
    serviceAccountName: OPERATOR,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    ...ifAny('priorityClassName', values.priorityClassName),
    // What is under way is finished and the Lease given back; each stage of the operator has 20 s for that.
    terminationGracePeriodSeconds: 60,
    securityContext: podSecurityContext(),
    containers: [container(values)],
    ...ifAny('imagePullSecrets', values.imagePullSecrets),
    ...ifAny('nodeSelector', values.nodeSelector),
    ...ifAny('tolerations', values.tolerations),
    ...ifAny('affinity', values.affinity),
    ...ifAny('topologySpreadConstraints', values.topologySpreadConstraints),
  };
}

function container(values: SystemValues) {
  return {
    name: 'operator',
    image: imageOf(values.image),
    imagePullPolicy: values.image.pullPolicy,
    args: operatorArgs(values),
    ports: [
      { name: 'xds', containerPort: PORTS.xds, protocol: 'TCP' },
      { name: 'replicas', containerPort: PORTS.replicas, protocol: 'TCP' },
      ...(values.injection.by === 'Webhook'
        ? [{ name: 'webhook', containerPort: PORTS.webhook, protocol: 'TCP' }]
        : []),
      { name: 'health', containerPort: PORTS.health, protocol: 'TCP' },
    ],
    // The health server is up once the API server has answered for the first time; the first minute is for that.
    startupProbe: probe('/livez', { periodSeconds: 2, failureThreshold: 30 }),
    livenessProbe: probe('/livez', { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe('/readyz', { periodSeconds: 5, failureThreshold: 2 }),
    resources: values.resources,
    securityContext: containerSecurity(),
  };
}

/** As whom pods of the system run. */
export function podSecurityContext() {
  return {
    runAsNonRoot: true,
    runAsUser: NOBODY,
    runAsGroup: NOBODY,
    fsGroup: NOBODY,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** What their containers may: nothing. */
export function containerSecurity() {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
  };
}

/** A question to the port of health. */
export function probe(path: string, timing: { readonly periodSeconds: number; readonly failureThreshold: number }) {
  return { httpGet: { path, port: 'health', scheme: 'HTTP' }, timeoutSeconds: 2, successThreshold: 1, ...timing };
}

/** The field, unless it is empty. */
export function ifAny<const K extends string, V extends object | string>(name: K, value: V): { readonly [P in K]?: V } {
  return Object.keys(value).length === 0 ? {} : ({ [name]: value } as { readonly [P in K]: V });
}
