/* oxlint-disable no-new -- a construct registers itself with its scope */
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { imageOf } from './image.ts';
import { CNI, CNI_LABELS, CNI_NAMESPACE, PORTS } from './names.ts';
import { podSecurity } from './pod-security.ts';
import { cniClusterRules, cniRules } from './permissions.ts';
import { addRights } from './rbac.ts';
import type { SystemValues } from './values/values.ts';

/** What the agent has of its node, under names of its own; sockets and network namespaces are where the host has them. */
export const CNI_VOLUMES = ['plugins', 'configurations', 'networks', 'socket'] as const;

/**
 * The agent of the CNI plugin on every node, where `proxy.capture` is `cni`. It is root with rights over the node's networks, which
 * no pod of the operator's namespace may be, so it has a namespace of its own.
 */
export function addCni(scope: Construct, values: SystemValues, labels: Readonly<Record<string, string>>): void {
  if (values.proxy.capture !== 'cni') return;
  new k8s.KubeNamespace(scope, 'cni-namespace', {
    metadata: { name: CNI_NAMESPACE, labels: podSecurity('privileged') },
  });
  addRights(scope, 'cni-', {
    account: { name: CNI, namespace: CNI_NAMESPACE },
    clusterRules: cniClusterRules(),
    rules: cniRules(CNI, CNI_NAMESPACE),
  });
  new ApiObject(scope, 'cni-daemon-set', {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: CNI, namespace: CNI_NAMESPACE },
    spec: {
      revisionHistoryLimit: 3,
      selector: { matchLabels: CNI_LABELS },
      // While an agent is replaced, pods of its node wait a few seconds for the next one.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } },
      template: { metadata: { labels: { ...labels, ...CNI_LABELS } }, spec: podSpec(values) },
    },
  });
}

function podSpec(values: SystemValues) {
  const { binDirectory, configDirectory } = values.cni;
  const [plugins, configurations, networks, socket] = CNI_VOLUMES;
  return {
    serviceAccountName: CNI,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    // It has to be there before there is a network for pods.
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    terminationGracePeriodSeconds: 30,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container(values)],
    volumes: [
      hostPath(plugins, binDirectory),
      hostPath(configurations, configDirectory),
      hostPath(networks, '/var/run/netns'),
      hostPath(socket, '/var/run/dot-kube-cni'),
    ],
    ...(values.imagePullSecrets.length === 0 ? {} : { imagePullSecrets: values.imagePullSecrets }),
  };
}

function container(values: SystemValues) {
  const { image, resources } = values.cni;
  const [plugins, configurations, networks, socket] = CNI_VOLUMES;
  return {
    name: 'agent',
    image: imageOf(image),
    imagePullPolicy: image.pullPolicy,
    args: cniArgs(values),
    // The first minute is for the node's own plugins, too.
    startupProbe: probe('/livez', { periodSeconds: 2, failureThreshold: 30 }),
    livenessProbe: probe('/livez', { periodSeconds: 10, failureThreshold: 3 }),
    readinessProbe: probe('/readyz', { periodSeconds: 5, failureThreshold: 2 }),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      // To enter the network namespace of a pod, and to write rules there.
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_ADMIN'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
    },
    volumeMounts: [
      { name: plugins, mountPath: '/host/opt/cni/bin' },
      { name: configurations, mountPath: '/host/etc/cni/net.d' },
      // Those of pods that are made later, too.
      { name: networks, mountPath: '/var/run/netns', mountPropagation: 'HostToContainer' },
      { name: socket, mountPath: '/var/run/dot-kube-cni' },
    ],
  };
}

/** The flags of the agent: see `operator/cni/cni-flags.ts`. */
export function cniArgs({ cni, logLevel, proxy }: SystemValues): readonly string[] {
  return [
    `--namespace=${CNI_NAMESPACE}`,
    `--daemon-set=${CNI}`,
    `--ip-families=${proxy.ipFamilies.join(',')}`,
    ...cni.excludeNamespaces.map((name) => `--exclude-namespace=${name}`),
    `--health-port=${PORTS.cniHealth}`,
    `--log-level=${logLevel}`,
  ];
}

function hostPath(name: string, path: string) {
  return { name, hostPath: { path, type: 'DirectoryOrCreate' } };
}

/** On the node's loopback, as nobody else is to ask. */
function probe(path: string, timing: { readonly periodSeconds: number; readonly failureThreshold: number }) {
  const httpGet = { host: '127.0.0.1', path, port: PORTS.cniHealth, scheme: 'HTTP' };
  return { httpGet, timeoutSeconds: 2, successThreshold: 1, ...timing };
}
