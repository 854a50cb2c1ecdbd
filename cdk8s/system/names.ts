import packageJson from '../package.json' with { type: 'json' };

/** The version of the charts, and of the image that belongs to them. */
export const VERSION: string = packageJson.version;

/** The operator reads policies for the whole mesh from the namespace of this name, so it is no option. */
export const SYSTEM_NAMESPACE = 'dot-kube-system';

/** Name of everything that belongs to the operator. Fixed: a cluster has one mesh. */
export const OPERATOR = 'dot-kube-operator';

/** Name of the Service that proxies connect to. */
export const XDS_SERVICE = 'dot-kube-xds';

/** Name of everything that belongs to the standby. */
export const STANDBY = 'dot-kube-standby';

/** Name of the Service that the standby finds the operator's replicas by. */
export const REPLICAS_SERVICE = 'dot-kube-replicas';

/** Name of the Service that the API server calls for injection, where that is by a webhook. */
export const WEBHOOK_SERVICE = 'dot-kube-webhook';

/** What the Lease of the replicas is called: see `operator/main.ts`. */
export const LEASE = 'dot-kube-operator';

/** Name of everything that belongs to the agent of the CNI plugin. */
export const CNI = 'dot-kube-cni';

/** Where it is. */
export const CNI_NAMESPACE = 'dot-kube-cni';

/** Ports of the operator's pods by name, and that of the CNI agent on its node. */
export const PORTS = {
  xds: 15_010,
  replicas: 15_012,
  snapshots: 15_013,
  webhook: 15_017,
  health: 8081,
  cniHealth: 15_023,
} as const;

/** The labels that the operator's pods are selected by; they never change. */
export const OPERATOR_LABELS = {
  'app.kubernetes.io/name': 'dot-kube',
  'app.kubernetes.io/component': 'operator',
} as const;

/** The labels that the standby's pods are selected by; they never change. */
export const STANDBY_LABELS = {
  'app.kubernetes.io/name': 'dot-kube',
  'app.kubernetes.io/component': 'standby',
} as const;

/** The labels that the pods of the CNI agent are selected by; they never change. */
export const CNI_LABELS = {
  'app.kubernetes.io/name': 'dot-kube',
  'app.kubernetes.io/component': 'cni',
} as const;

/** The labels of every object. */
export const COMMON_LABELS = {
  'app.kubernetes.io/part-of': 'dot-kube',
  'app.kubernetes.io/version': VERSION,
} as const;
