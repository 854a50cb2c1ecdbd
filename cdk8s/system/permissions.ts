/** What may be done to which resources. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Only objects of these names. */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
  /** Why the operator needs it. */
  readonly why: string;
}

const FOLLOW = ['list', 'watch'] as const;
const OUR_KINDS = ['authorizationpolicies', 'meshpolicies', 'trafficsplits'] as const;

/** What the operator may do in all namespaces. It reads no Secrets and no ConfigMaps, and writes no object of users. */
export const CLUSTER_RULES: readonly Rule[] = [
  {
    apiGroups: [''],
    resources: ['namespaces', 'nodes', 'pods', 'services'],
    verbs: FOLLOW,
    why: 'what runs in the mesh, as whom, and in which zone',
  },
  {
    apiGroups: ['discovery.k8s.io'],
    resources: ['endpointslices'],
    verbs: FOLLOW,
    why: 'where Services end',
  },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['servicecidrs'],
    verbs: ['list'],
    why: 'where Service addresses are from, when serviceCidrs does not say',
  },
  {
    apiGroups: ['mesh.dot-kube.io'],
    resources: OUR_KINDS,
    verbs: ['get', ...FOLLOW],
    why: 'the policies; get, when somebody else wrote while a status was',
  },
  {
    apiGroups: ['mesh.dot-kube.io'],
    resources: OUR_KINDS.map((kind) => `${kind}/status`),
    verbs: ['patch'],
    why: 'their statuses, by server-side apply',
  },
  {
    apiGroups: ['events.k8s.io'],
    resources: ['events'],
    verbs: ['create', 'patch'],
    why: 'what became of a policy, by server-side apply, beside the policy',
  },
  {
    apiGroups: ['authentication.k8s.io'],
    resources: ['tokenreviews'],
    verbs: ['create'],
    why: 'whether a proxy is the pod that it says it is; nothing is stored',
  },
];

/** What it may do in its own namespace. `lease` is the name of the Lease. */
export function systemRules(lease: string): readonly Rule[] {
  const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] } as const;
  return [
    { ...leases, verbs: ['create'], why: 'the Lease, once; RBAC cannot bind what is created to a name' },
    { ...leases, resourceNames: [lease], verbs: ['get', 'update'], why: 'which replica writes' },
  ];
}
