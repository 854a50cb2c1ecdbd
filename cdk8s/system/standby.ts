/* oxlint-disable no-new -- a construct registers itself with its scope */
import { DEFAULT_INJECTION } from '@dot-kube/operator/webhooks';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { containerSecurity, ifAny, podSecurityContext, probe } from './deployment.ts';
import { hasStandby } from './has-standby.ts';
import { imageOf } from './image.ts';
import {
  OPERATOR_LABELS,
  PORTS,
  REPLICAS_SERVICE,
  STANDBY,
  STANDBY_LABELS,
  SYSTEM_NAMESPACE,
  XDS_SERVICE,
} from './names.ts';
import { ingressRules } from './network.ts';
import { standbyClusterRules } from './permissions.ts';
import { addRights } from './rbac.ts';
import type { SystemValues } from './values/values.ts';

/** Where its token and the roots of the mesh are: see `operator/standby-flags.ts`. */
const FILES = '/var/run/dot-kube';

/** What serves proxies that start while the operator is away, and what it needs: see `operator/controllers/standby`. */
export function addStandby(scope: Construct, values: SystemValues, labels: Readonly<Record<string, string>>): void {
  if (!hasStandby(values)) return;
  addRights(scope, 'standby-', {
    account: { name: STANDBY, namespace: SYSTEM_NAMESPACE },
    clusterRules: standbyClusterRules(),
    rules: [],
  });
  addServices(scope);
  const { podLabels, podAnnotations } = values;
  new ApiObject(scope, 'standby-deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: STANDBY, namespace: SYSTEM_NAMESPACE },
    spec: {
      replicas: values.standby.replicas,
      revisionHistoryLimit: 3,
      selector: { matchLabels: STANDBY_LABELS },
      // One that has heard the operator does not go before the next one has.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: {
          labels: { ...podLabels, ...labels, ...STANDBY_LABELS },
          ...ifAny('annotations', podAnnotations),
        },
        spec: podSpec(values),
      },
    },
  });
  addNetworkPolicy(scope, values);
}

function addServices(scope: Construct): void {
  const port = { protocol: 'TCP', appProtocol: 'tcp' };
  new k8s.KubeService(scope, 'standby-service', {
    metadata: { name: STANDBY, namespace: SYSTEM_NAMESPACE },
    spec: {
      type: 'ClusterIP',
      selector: STANDBY_LABELS,
      ports: [{ ...port, name: 'xds', port: PORTS.xds, targetPort: k8s.IntOrString.fromString('xds') }],
    },
  });
  new k8s.KubeService(scope, 'replicas-service', {
    metadata: { name: REPLICAS_SERVICE, namespace: SYSTEM_NAMESPACE },
    spec: {
      clusterIp: 'None',
      // It is heard whether a replica is ready, and sooner than DNS tells.
      publishNotReadyAddresses: true,
      selector: OPERATOR_LABELS,
      ports: [
        { ...port, name: 'snapshots', port: PORTS.snapshots, targetPort: k8s.IntOrString.fromNumber(PORTS.snapshots) },
      ],
    },
  });
}

function podSpec(values: SystemValues) {
  return {
    serviceAccountName: STANDBY,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    ...ifAny('priorityClassName', values.priorityClassName),
    terminationGracePeriodSeconds: 30,
    securityContext: podSecurityContext(),
    containers: [container(values)],
    volumes: [{ name: 'dot-kube', projected: { sources: sources() } }],
    ...ifAny('imagePullSecrets', values.imagePullSecrets),
    ...ifAny('nodeSelector', values.nodeSelector),
    ...ifAny('tolerations', values.tolerations),
    // A node that is lost should not take both.
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: OPERATOR_LABELS } },
          },
        ],
      },
    },
  };
}

function sources() {
  const roots = { key: 'roots.json', path: 'roots.json' };
  return [
    { serviceAccountToken: { audience: 'dot-kube', expirationSeconds: 3600, path: 'token' } },
    { configMap: { name: DEFAULT_INJECTION.configMap, items: [roots] } },
  ];
}

function container(values: SystemValues) {
  return {
    name: 'standby',
    image: imageOf(values.image),
    imagePullPolicy: values.image.pullPolicy,
    args: standbyArgs(values),
    ports: [
      { name: 'xds', containerPort: PORTS.xds, protocol: 'TCP' },
      { name: 'health', containerPort: PORTS.health, protocol: 'TCP' },
    ],
    livenessProbe: probe('/livez', { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe('/readyz', { periodSeconds: 5, failureThreshold: 2 }),
    resources: values.standby.resources,
    securityContext: containerSecurity(),
    volumeMounts: [{ name: 'dot-kube', mountPath: FILES, readOnly: true }],
  };
}

/** The flags of the standby's process: see `operator/standby-flags.ts`. */
export function standbyArgs({ logLevel }: SystemValues): readonly string[] {
  return [
    '--standby',
    `--primary=${REPLICAS_SERVICE}.${SYSTEM_NAMESPACE}.svc:${PORTS.snapshots}`,
    `--primary-name=${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc`,
    `--xds-address=:${PORTS.xds}`,
    `--health-address=:${PORTS.health}`,
    `--log-level=${logLevel}`,
  ];
}

/** Who may connect to it, and whom it may connect to: the replicas, which it finds by DNS, and the API server. */
function addNetworkPolicy(scope: Construct, { networkPolicy }: SystemValues): void {
  if (!networkPolicy.enabled) return;
  const { proxies, metrics, apiServerPorts } = networkPolicy;
  const ingress = ingressRules([
    { from: proxies, port: PORTS.xds },
    { from: metrics, port: PORTS.health },
  ]);
  new ApiObject(scope, 'standby-network-policy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: STANDBY, namespace: SYSTEM_NAMESPACE },
    spec: {
      podSelector: { matchLabels: STANDBY_LABELS },
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress: [
        { ports: apiServerPorts.map((port) => ({ protocol: 'TCP', port })) },
        {
          to: [{ podSelector: { matchLabels: OPERATOR_LABELS } }],
          ports: [{ protocol: 'TCP', port: PORTS.snapshots }],
        },
        { ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })) },
      ],
    },
  });
}
