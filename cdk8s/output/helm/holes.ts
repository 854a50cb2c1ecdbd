import {
  CNI,
  CNI_NAMESPACE,
  OPERATOR,
  OPERATOR_LABELS,
  PORTS,
  REPLICAS_SERVICE,
  STANDBY,
  STANDBY_LABELS,
  SYSTEM_NAMESPACE,
  WEBHOOK_SERVICE,
  XDS_SERVICE,
} from '../../system/names.ts';
import { block, entries, type Fill, type Hole, optional, scalar } from './hole.ts';

const DEPLOYMENT = `Deployment/${OPERATOR}`;
const POD = ['spec', 'template', 'spec'] as const;
const CONTAINER = [...POD, 'containers', 0] as const;
const NETWORK_POLICY = `NetworkPolicy/${OPERATOR}`;

/** Whether an object is there, by `Kind/name`; those that are not named always are. */
export const CONDITIONS: ReadonlyMap<string, string> = new Map([
  [`Namespace/${SYSTEM_NAMESPACE}`, '.Values.namespace.create'],
  [`PodDisruptionBudget/${OPERATOR}`, '.Values.podDisruptionBudget.enabled'],
  [NETWORK_POLICY, '.Values.networkPolicy.enabled'],
  ...[
    ...['Deployment', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Service'].map(
      (kind) => `${kind}/${STANDBY}`,
    ),
    `Service/${REPLICAS_SERVICE}`,
  ].map((id) => [id, '.Values.standby.enabled'] as const),
  [`NetworkPolicy/${STANDBY}`, 'and .Values.standby.enabled .Values.networkPolicy.enabled'],
  [`PodMonitor/${OPERATOR}`, '.Values.podMonitor.enabled'],
  [`ServiceMonitor/${OPERATOR}`, '.Values.serviceMonitor.enabled'],
  [`Service/${OPERATOR}-metrics`, '.Values.serviceMonitor.enabled'],
  ...[
    `Namespace/${CNI_NAMESPACE}`,
    ...['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding', 'DaemonSet'].map(
      (kind) => `${kind}/${CNI}`,
    ),
  ].map((id) => [id, 'eq .Values.proxy.capture "cni"'] as const),
]);

const PRIORITY_CLASS = lines(
  '{{- with .Values.priorityClassName }}',
  'priorityClassName: {{ toJson . }}',
  '{{- end }}',
);

const args = lines(
  'args:',
  '  {{- if ne .Values.injection.by "None" }}',
  '  - {{ printf "--proxy-image=%s" (include "dot-kube.proxyImage" .) | toJson }}',
  '  - --proxy-capture={{ .Values.proxy.capture }}',
  '  {{- end }}',
  `  - --namespace=${SYSTEM_NAMESPACE}`,
  '  - {{ printf "--trust-domain=%s" .Values.trustDomain | toJson }}',
  '  - {{ printf "--cluster-domain=%s" .Values.clusterDomain | toJson }}',
  '  {{- range .Values.serviceCidrs }}',
  '  - {{ printf "--service-cidr=%s" . | toJson }}',
  '  {{- end }}',
  `  - --xds-address=:${PORTS.xds}`,
  `  - --xds-name=${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc`,
  `  - {{ printf "--xds-name=${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc.%s" .Values.clusterDomain | toJson }}`,
  `  - {{ printf "--xds-service=${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc.%s:${PORTS.xds}" .Values.clusterDomain | toJson }}`,
  `  - --replicas-address=:${PORTS.replicas}`,
  `  - --replicas-service=${XDS_SERVICE}`,
  `  - --health-address=:${PORTS.health}`,
  '  - {{ printf "--ca-secret=%s" .Values.certificateAuthority.secretName | toJson }}',
  '  - --ca-source={{ ternary "secret" "self-signed" (eq .Values.certificateAuthority.source "Secret") }}',
  '  - --certificate-lifetime={{ int .Values.certificateAuthority.certificateLifetimeSeconds }}',
  '  - --injection={{ lower .Values.injection.by }}',
  '  {{- if eq .Values.injection.by "Webhook" }}',
  `  - --webhook-address=:${PORTS.webhook}`,
  `  - --webhook-name=${WEBHOOK_SERVICE}.${SYSTEM_NAMESPACE}.svc`,
  '  {{- end }}',
  '  {{- if ne .Values.injection.by "None" }}',
  '  - --proxy-pull-policy={{ .Values.proxy.image.pullPolicy }}',
  '  - --ip-families={{ join "," .Values.proxy.ipFamilies }}',
  '  - --proxy-concurrency={{ int .Values.proxy.concurrency }}',
  '  - --proxy-log-level={{ .Values.proxy.logLevel }}',
  '  {{- with .Values.proxy.resources }}',
  '  - {{ printf "--proxy-resources=%s" (dict "limits" (.limits | default dict) "requests" (.requests | default dict) | toRawJson) | toJson }}',
  '  {{- end }}',
  '  - --drain-seconds={{ int .Values.proxy.drainSeconds }}',
  '  {{- end }}',
  '  - {{ printf "--log-level=%s" .Values.logLevel | toJson }}',
  '  {{- if and .Values.standby.enabled (ne .Values.injection.by "None") }}',
  `  - {{ printf "--standby-service=${STANDBY}.${SYSTEM_NAMESPACE}.svc.%s:${PORTS.xds}" .Values.clusterDomain | toJson }}`,
  `  - --standby-address=:${PORTS.snapshots}`,
  '  {{- end }}',
);

const standbyArgs = lines(
  'args:',
  '  - --standby',
  `  - --primary=${REPLICAS_SERVICE}.${SYSTEM_NAMESPACE}.svc:${PORTS.snapshots}`,
  `  - --primary-name=${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc`,
  `  - --xds-address=:${PORTS.xds}`,
  `  - --health-address=:${PORTS.health}`,
  '  - {{ printf "--log-level=%s" .Values.logLevel | toJson }}',
);

const cniArgs = lines(
  'args:',
  `  - --namespace=${CNI_NAMESPACE}`,
  `  - --daemon-set=${CNI}`,
  '  - --ip-families={{ join "," .Values.proxy.ipFamilies }}',
  '  {{- range .Values.cni.excludeNamespaces }}',
  '  - {{ printf "--exclude-namespace=%s" . | toJson }}',
  '  {{- end }}',
  `  - --health-port=${PORTS.cniHealth}`,
  '  - {{ printf "--log-level=%s" .Values.logLevel | toJson }}',
);

const ingress = lines(
  '{{- $webhook := ternary .Values.networkPolicy.webhook list (eq .Values.injection.by "Webhook") }}',
  '{{- $standby := and .Values.standby.enabled (ne .Values.injection.by "None") }}',
  '{{- with .Values.networkPolicy }}',
  'ingress:',
  '  - from:',
  '      - podSelector:',
  '          matchLabels:',
  ...Object.entries(OPERATOR_LABELS).map(([name, value]) => `            ${name}: ${value}`),
  '    ports:',
  `      - port: ${PORTS.replicas}`,
  '        protocol: TCP',
  ...peersOf('.proxies', PORTS.xds),
  ...peersOf('$webhook', PORTS.webhook),
  ...peersOf('.metrics', PORTS.health),
  '  {{- if $standby }}',
  '  - from:',
  '      - podSelector:',
  '          matchLabels:',
  ...Object.entries(STANDBY_LABELS).map(([name, value]) => `            ${name}: ${value}`),
  '    ports:',
  `      - port: ${PORTS.snapshots}`,
  '        protocol: TCP',
  '  {{- end }}',
  '{{- end }}',
);

const standbyIngress = lines(
  '{{- with .Values.networkPolicy }}',
  '{{- if or .proxies .metrics }}',
  'ingress:',
  ...peersOf('.proxies', PORTS.xds),
  ...peersOf('.metrics', PORTS.health),
  '{{- else }}',
  'ingress: []',
  '{{- end }}',
  '{{- end }}',
);

const apiServerPorts = lines(
  'ports:',
  '  {{- range .Values.networkPolicy.apiServerPorts }}',
  '  - port: {{ toJson . }}',
  '    protocol: TCP',
  '  {{- end }}',
);

/** Where the values of the chart go. What the constructs make of the same values is the same: a test compares the two. */
export const HOLES: readonly Hole[] = [
  ...podHoles({
    imagePullSecrets: optional('imagePullSecrets'),
    nodeSelector: optional('nodeSelector'),
    tolerations: optional('tolerations'),
    affinity: optional('affinity'),
    topologySpreadConstraints: optional('topologySpreadConstraints'),
    priorityClassName: PRIORITY_CLASS,
  }),
  { object: DEPLOYMENT, path: ['spec', 'replicas'], fill: scalar('replicas') },
  {
    object: DEPLOYMENT,
    path: ['spec', 'template', 'metadata', 'labels'],
    fill: entries('commonLabels', 'podLabels'),
  },
  { object: DEPLOYMENT, path: ['spec', 'template', 'metadata', 'annotations'], fill: optional('podAnnotations') },
  {
    object: DEPLOYMENT,
    path: [...CONTAINER, 'image'],
    fill: { kind: 'scalar', expression: 'include "dot-kube.image" . | toJson' },
  },
  { object: DEPLOYMENT, path: [...CONTAINER, 'imagePullPolicy'], fill: scalar('image.pullPolicy') },
  { object: DEPLOYMENT, path: [...CONTAINER, 'args'], fill: args },
  { object: DEPLOYMENT, path: [...CONTAINER, 'resources'], fill: block('resources') },
  {
    object: `PodDisruptionBudget/${OPERATOR}`,
    path: ['spec', 'maxUnavailable'],
    fill: scalar('podDisruptionBudget.maxUnavailable'),
  },
  { object: NETWORK_POLICY, path: ['spec', 'ingress'], fill: ingress },
  { object: NETWORK_POLICY, path: ['spec', 'egress', 0, 'ports'], fill: apiServerPorts },
  ...standbyHoles(),
  ...cniHoles(),
  ...monitorHoles('PodMonitor', 'podMonitor', 'podMetricsEndpoints'),
  ...monitorHoles('ServiceMonitor', 'serviceMonitor', 'endpoints'),
];

/** The labels of all objects but those of {@link HOLES}. */
export const COMMON_LABELS_HOLE: Hole = {
  object: '*',
  path: ['metadata', 'labels'],
  fill: entries('commonLabels'),
};

function lines(...text: readonly string[]): Fill {
  return { kind: 'lines', lines: text };
}

function podHoles(fills: Readonly<Record<string, Fill>>): readonly Hole[] {
  return Object.entries(fills).map(([field, fill]) => ({ object: DEPLOYMENT, path: [...POD, field], fill }));
}

function standbyHoles(): readonly Hole[] {
  const at = (path: Hole['path'], fill: Fill): Hole => ({ object: `Deployment/${STANDBY}`, path, fill });
  const policy = `NetworkPolicy/${STANDBY}`;
  return [
    at(['spec', 'replicas'], scalar('standby.replicas')),
    at(['spec', 'template', 'metadata', 'labels'], entries('commonLabels', 'podLabels')),
    at(['spec', 'template', 'metadata', 'annotations'], optional('podAnnotations')),
    at([...CONTAINER, 'image'], { kind: 'scalar', expression: 'include "dot-kube.image" . | toJson' }),
    at([...CONTAINER, 'imagePullPolicy'], scalar('image.pullPolicy')),
    at([...CONTAINER, 'args'], standbyArgs),
    at([...CONTAINER, 'resources'], block('standby.resources')),
    ...['imagePullSecrets', 'nodeSelector', 'tolerations'].map((field) => at([...POD, field], optional(field))),
    at([...POD, 'priorityClassName'], PRIORITY_CLASS),
    { object: policy, path: ['spec', 'ingress'], fill: standbyIngress },
    { object: policy, path: ['spec', 'egress', 0, 'ports'], fill: apiServerPorts },
  ];
}

function cniHoles(): readonly Hole[] {
  const at = (path: Hole['path'], fill: Fill): Hole => ({ object: `DaemonSet/${CNI}`, path, fill });
  return [
    at(['spec', 'template', 'metadata', 'labels'], entries('commonLabels')),
    at([...CONTAINER, 'image'], {
      kind: 'scalar',
      expression: 'include "dot-kube.imageOf" (list .Values.cni.image .Chart.AppVersion) | toJson',
    }),
    at([...CONTAINER, 'imagePullPolicy'], scalar('cni.image.pullPolicy')),
    at([...CONTAINER, 'args'], cniArgs),
    at([...CONTAINER, 'resources'], block('cni.resources')),
    at([...POD, 'imagePullSecrets'], optional('imagePullSecrets')),
    at([...POD, 'volumes', 0, 'hostPath', 'path'], scalar('cni.binDirectory')),
    at([...POD, 'volumes', 1, 'hostPath', 'path'], scalar('cni.configDirectory')),
  ];
}

/** A rule for these peers, if there are any: without peers it would let everybody in. */
function peersOf(value: string, port: number): readonly string[] {
  return [
    `  {{- with ${value} }}`,
    '  - from:',
    '      {{- toYaml . | nindent 8 }}',
    '    ports:',
    `      - port: ${port}`,
    '        protocol: TCP',
    '  {{- end }}',
  ];
}

function monitorHoles(kind: string, value: string, endpoints: string): readonly Hole[] {
  const object = `${kind}/${OPERATOR}`;
  return [
    { object, path: ['spec', endpoints, 0, 'interval'], fill: scalar(`${value}.interval`) },
    {
      object,
      path: ['metadata', 'labels'],
      fill: entries(`${value}.labels`, 'commonLabels'),
    },
  ];
}
