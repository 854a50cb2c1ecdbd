import { defaultsOf, flag, group, integer, kubernetesObject, objects, oneOf, text, texts, textMap } from './field.ts';
import type { Fields, ValuesOf } from './field.ts';
import type { Overrides } from './merge.ts';
import { OPERATOR_LABELS } from '../names.ts';

const INTERVAL = { pattern: '^([0-9]+(ms|s|m|h))+$' };
const DNS_NAME = { minLength: 1, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' };

/** What two kinds of monitors of the Prometheus operator have in common. */
function monitor(kind: string, description: string) {
  return group(description, {
    enabled: flag(`Whether to make a ${kind}; the cluster must have the Prometheus operator's kinds.`, false),
    interval: text('How often to scrape.', '30s', INTERVAL),
    labels: textMap(`More labels of the ${kind}, by which a Prometheus picks it.`),
  });
}

/** Where peers are allowed from, as `from` of a NetworkPolicy has them. */
const PEERS = 'Peers as in spec.ingress[].from of a NetworkPolicy; empty: nobody.';

/** Everything about the system in a cluster that can be set, for the constructs and for the Helm chart alike. */
export const VALUE_FIELDS = {
  crds: group('The CustomResourceDefinitions.', {
    enabled: flag(
      'Whether they are part of the chart. They are kept when it is uninstalled, because all policies would go with them.',
      true,
    ),
  }),
  namespace: group('The namespace dot-kube-system. Its name is fixed: policies in it apply to the whole mesh.', {
    create: flag('Whether to make it, with the labels of Pod Security (restricted).', true),
  }),
  commonLabels: textMap('More labels for every object and for the pods, selectors excepted.', {
    propertyNames: { not: { pattern: '^(app\\.kubernetes\\.io|pod-security\\.kubernetes\\.io)/' } },
  }),
  image: group('The image of the operator, whose entrypoint takes the flags of the operator.', {
    registry: text('Host of the registry; empty: the one that the container runtime takes by default.', ''),
    repository: text('Name of the image.', 'dot-kube/operator', { minLength: 1 }),
    tag: text('Empty: the version of the chart.', ''),
    digest: text('Goes before the tag.', '', { pattern: '^(sha256:[0-9a-f]{64})?$' }),
    pullPolicy: oneOf('When the image is pulled.', 'IfNotPresent', ['Always', 'IfNotPresent', 'Never']),
  }),
  imagePullSecrets: objects('Secrets to pull the image with, as in a pod: [{name: …}].'),
  replicas: integer('All serve proxies; one, which holds the Lease, writes statuses.', 2, { minimum: 0 }),
  trustDomain: text(
    'Of all identities: spiffe://<trust domain>/ns/<namespace>/sa/<account>.',
    'cluster.local',
    DNS_NAME,
  ),
  clusterDomain: text('Of Service names: <service>.<namespace>.svc.<cluster domain>.', 'cluster.local', DNS_NAME),
  serviceCidrs: texts('Where Service addresses are from. Empty: what the cluster says (Kubernetes 1.33 and later).', {
    pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$',
  }),
  logLevel: oneOf('What is logged.', 'info', ['debug', 'info', 'warn', 'error']),
  certificateAuthority: group('Where the root certificate and its key come from.', {
    source: oneOf(
      'Secret: a Secret that is there before the operator starts, mounted read-only; pods wait for it. ' +
        'Ephemeral: the operator makes a root of its own, and forgets it when it ends; for one replica, to try things out.',
      'Secret',
      ['Secret', 'Ephemeral'],
    ),
    secretName: text(
      'Name of that Secret in dot-kube-system; its key ca.json holds the root.',
      'dot-kube-ca',
      DNS_NAME,
    ),
  }),
  resources: kubernetesObject('Of the operator’s container. Without a limit of CPU it is never throttled.', {
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { memory: '1Gi' },
  }),
  podLabels: textMap('More labels of the pods.', { propertyNames: { not: { pattern: '^app\\.kubernetes\\.io/' } } }),
  podAnnotations: textMap('Annotations of the pods.'),
  nodeSelector: textMap('Labels of the nodes to run on.', {}),
  tolerations: objects('Taints of nodes to put up with.'),
  affinity: kubernetesObject('Rules about where the pods run.'),
  topologySpreadConstraints: objects('How the replicas are spread. The default prefers nodes and zones of their own.', [
    spread('kubernetes.io/hostname'),
    spread('topology.kubernetes.io/zone'),
  ]),
  priorityClassName: text('Empty: the default class of the cluster.', ''),
  podDisruptionBudget: group('How many replicas may be evicted at the same time.', {
    enabled: flag('Whether to make it.', true),
    maxUnavailable: integer('So many; 1 lets nodes be drained with a single replica, too.', 1, { minimum: 0 }),
  }),
  networkPolicy: group('Who may connect to the operator, and whom it may connect to.', {
    enabled: flag('Whether to make it.', true),
    proxies: objects(`Who may connect to the xDS port. ${PEERS}`, [{ namespaceSelector: {} }]),
    metrics: objects(`Who may connect to the port of metrics and health. The kubelet always may. ${PEERS}`, [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ]),
    apiServerPorts: {
      description: 'The ports of the API server, as its endpoints have them: all that the operator itself connects to.',
      default: [443, 6443] as readonly number[],
      schema: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 65_535 } },
    },
  }),
  podMonitor: monitor('PodMonitor', 'Scrapes all replicas.'),
  serviceMonitor: monitor('ServiceMonitor', 'The same by a Service, which is made for it.'),
} satisfies Fields;

function spread(topologyKey: string) {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: OPERATOR_LABELS },
    matchLabelKeys: ['pod-template-hash'],
  };
}

/** Everything that is set about the system in a cluster. */
export type SystemValues = ValuesOf<typeof VALUE_FIELDS>;

/** Some of it; the rest is as in {@link DEFAULT_VALUES}. */
export type SystemOverrides = Overrides<SystemValues>;

/** What is set when nobody sets anything. */
export const DEFAULT_VALUES: SystemValues = defaultsOf(VALUE_FIELDS);
