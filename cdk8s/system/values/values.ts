import { DEFAULT_INJECTION, type InjectionSettings } from '@dot-kube/operator/webhooks';
import { OPERATOR_LABELS } from '../names.ts';
import { defaultsOf, flag, group, integer, kubernetesObject, objects, oneOf, text, texts, textMap } from './field.ts';
import type { Field, Fields, ValuesOf } from './field.ts';
import type { Overrides } from './merge.ts';

const INTERVAL = { pattern: '^([0-9]+(ms|s|m|h))+$' };
const DNS_NAME = { minLength: 1, pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' };

const HOST_PATH = { pattern: '^/[-a-zA-Z0-9._/]+$' };

/** What two kinds of monitors of the Prometheus operator have in common. */
function monitor(kind: string, description: string) {
  return group(description, {
    enabled: flag(`Whether to make a ${kind}; the cluster must have the Prometheus operator's kinds.`, false),
    interval: text('How often to scrape.', '30s', INTERVAL),
    labels: textMap(`More labels of the ${kind}, by which a Prometheus picks it.`),
  });
}

/** The parts of an image's name, and when it is pulled. */
function image(description: string, repository: string) {
  return group(description, {
    registry: text('Host of the registry; empty: the one that the container runtime takes by default.', '', {
      pattern: '^([-a-zA-Z0-9.]+(:[0-9]+)?)?$',
    }),
    repository: text('Name of the image.', repository, { pattern: '^[-a-z0-9._/]+$' }),
    tag: text('Empty: the version of the chart.', '', { pattern: '^([a-zA-Z0-9_][-a-zA-Z0-9_.]{0,127})?$' }),
    digest: text('Goes before the tag.', '', { pattern: '^(sha256:[0-9a-f]{64})?$' }),
    pullPolicy: oneOf('When the image is pulled.', 'IfNotPresent', ['Always', 'IfNotPresent', 'Never']),
  });
}

type Quantities = Readonly<Record<string, string>>;

const PROXY_RESOURCES = { requests: {}, limits: {}, ...DEFAULT_INJECTION.proxy.resources };

/** Requests and limits, which are written into other texts, so that their shape is checked here. */
function quantities(
  description: string,
  value: { readonly requests: Quantities; readonly limits: Quantities },
): Field<typeof value> {
  const each = {
    type: 'object',
    propertyNames: { pattern: '^[-a-zA-Z0-9._/]+$' },
    additionalProperties: { type: 'string', pattern: '^[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$' },
  };
  const properties = { requests: each, limits: each };
  return { description, default: value, schema: { type: 'object', additionalProperties: false, properties } };
}

function ipFamilies(description: string, value: InjectionSettings['families']): Field<InjectionSettings['families']> {
  const items = { type: 'string', enum: ['ipv4', 'ipv6'] };
  return { description, default: value, schema: { type: 'array', minItems: 1, uniqueItems: true, items } };
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
  image: image('The image of the operator, whose entrypoint takes the flags of the operator.', 'dot-kube/operator'),
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
      'SelfSigned: the operator makes a root, keeps it in a Secret, and changes it in time. ' +
        'Secret: a Secret of the type kubernetes.io/tls (tls.crt, tls.key, ca.crt) is given; the operator reads it, and may not write it.',
      'SelfSigned',
      ['SelfSigned', 'Secret'],
    ),
    secretName: text('Name of that Secret in dot-kube-system.', 'dot-kube-ca', DNS_NAME),
    certificateLifetimeSeconds: integer(
      'How long the certificates of workloads live. They are renewed before half of it is over: for the other half, proxies do without the operator.',
      86_400,
      { minimum: 10, maximum: 604_800 },
    ),
  }),
  injection: group('How pods get their proxies.', {
    by: oneOf(
      'Policy: by a MutatingAdmissionPolicy, which the API server follows by itself (Kubernetes 1.36 and later). Webhook: by the operator, ' +
        'which the API server asks (any supported version). None: by nobody but dotkube inject.',
      'Policy',
      ['Policy', 'Webhook', 'None'],
    ),
  }),
  proxy: group('The proxies of pods. What is set here holds for pods that are made from then on.', {
    image: image('The image of the proxy, which also has the tool that captures.', 'dot-kube/proxy'),
    capture: oneOf(
      'What redirects the connections of a pod: an init container that runs nft or iptables-restore, or the CNI plugin, with which pods ' +
        'meet the restricted Pod Security Standard. Our image has nft alone: iptables takes one with a shell and iptables-restore.',
      DEFAULT_INJECTION.capture,
      ['nftables', 'iptables', 'cni'],
    ),
    ipFamilies: ipFamilies('The address families of pods, the main one first.', DEFAULT_INJECTION.families),
    resources: quantities('What a proxy asks for and may use, as quantities in quotes.', PROXY_RESOURCES),
    concurrency: integer('Worker threads of a proxy.', DEFAULT_INJECTION.proxy.concurrency, {
      minimum: 1,
      maximum: 64,
    }),
    logLevel: oneOf('What a proxy logs.', DEFAULT_INJECTION.proxy.logLevel, ['debug', 'info', 'warning', 'error']),
    drainSeconds: integer(
      'So long the containers of a pod that is deleted go on before they are told to end: until no caller sends them anything. 0: not at all.',
      DEFAULT_INJECTION.drainSeconds,
      { minimum: 0, maximum: 3600 },
    ),
  }),
  cni: group(
    'The agent of the CNI plugin on every node, where proxy.capture is cni. It has the namespace dot-kube-cni.',
    {
      image: image('The image of the agent, which has the plugin in it.', 'dot-kube/cni'),
      binDirectory: text('Where the container runtime of the nodes has CNI plugins.', '/opt/cni/bin', HOST_PATH),
      configDirectory: text('Where it has their configurations.', '/etc/cni/net.d', HOST_PATH),
      excludeNamespaces: texts(
        'Namespaces without proxies whose pods start although the agent does not answer, beside those of the cluster and of the mesh.',
        { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' },
      ),
      resources: kubernetesObject('Of the agent’s container.', {
        requests: { cpu: '10m', memory: '64Mi' },
        limits: { memory: '256Mi' },
      }),
    },
  ),
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
    webhook: objects(
      'Who may connect to the port of the webhook, where there is one. An API server is no pod: no labels select it, but its addresses do. ' +
        PEERS,
      [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }],
    ),
    metrics: objects(`Who may connect to the port of metrics and health. The kubelet always may. ${PEERS}`, [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ]),
    apiServerPorts: {
      description:
        'The ports of the API server, as its endpoints have them: the operator connects to them, and to its other replicas.',
      default: [443, 6443] as readonly number[],
      schema: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1, maximum: 65_535 } },
    },
  }),
  standby: group(
    'A standby beside the operator: it serves proxies that start while no replica answers what proxies acknowledged last. Not where injection.by is None.',
    {
      enabled: flag(
        'Whether to run it, and to tell proxies of it. It uses what Envoy calls experimental, a second source of configuration.',
        false,
      ),
      replicas: integer('One that starts while the operator is away has nothing to serve.', 1, { minimum: 0 }),
      resources: kubernetesObject('Of the standby’s container.', {
        requests: { cpu: '10m', memory: '96Mi' },
        limits: { memory: '512Mi' },
      }),
    },
  ),
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
