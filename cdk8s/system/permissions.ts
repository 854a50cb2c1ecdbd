import { DEFAULT_INJECTION, INJECTION_WEBHOOK } from '@dot-kube/operator/webhooks';

/** What may be done to which resources. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Only objects of these names. */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
  /** Why the account needs it. */
  readonly why: string;
}

const FOLLOW = ['list', 'watch'] as const;
const OUR_KINDS = ['authorizationpolicies', 'meshpolicies', 'trafficsplits'] as const;

/** What the operator may do in all namespaces. It reads no Secrets, and writes no object of users. */
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
    apiGroups: ['networking.k8s.io'],
    resources: ['networkpolicies'],
    verbs: [...FOLLOW, 'create', 'patch', 'delete'],
    why: 'what policies with networkPolicy: Generate ask for, by server-side apply',
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

/** What injection needs in all namespaces. A server-side apply that makes an object is bound to its name, create too. */
export const INJECTION_RULES: readonly Rule[] = [
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: [DEFAULT_INJECTION.configMap],
    verbs: [...FOLLOW, 'create', 'patch', 'delete'],
    why: 'what the proxies of a namespace start with and whom they trust, by server-side apply',
  },
];

/** What the webhook of injection needs beside. */
export const WEBHOOK_RULES: readonly Rule[] = [
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations'],
    resourceNames: [INJECTION_WEBHOOK],
    verbs: ['get', ...FOLLOW, 'patch'],
    why: 'its caBundle, by server-side apply',
  },
];

/** What decides which rules there are. */
export interface RuleChoice {
  readonly injection: { readonly by: 'Policy' | 'Webhook' | 'None' };
  readonly certificateAuthority: { readonly source: 'SelfSigned' | 'Secret'; readonly secretName: string };
}

/** All that the operator may do in all namespaces. */
export function clusterRules({ injection: { by } }: RuleChoice): readonly Rule[] {
  return [...CLUSTER_RULES, ...(by === 'None' ? [] : INJECTION_RULES), ...(by === 'Webhook' ? WEBHOOK_RULES : [])];
}

/** What it may do in its own namespace. `lease` is the name of the Lease. */
export function systemRules(lease: string, { certificateAuthority }: RuleChoice): readonly Rule[] {
  const leases = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] } as const;
  return [
    { ...leases, verbs: ['create'], why: 'the Lease, once; RBAC cannot bind what is created to a name' },
    { ...leases, resourceNames: [lease], verbs: ['get', 'update'], why: 'which replica writes' },
    ...caRules(certificateAuthority),
  ];
}

/** The Secret of the root. Beside one that is given, which is not written, there is another for the state of its change. */
function caRules({ secretName, source }: RuleChoice['certificateAuthority']): readonly Rule[] {
  const secrets = { apiGroups: [''], resources: ['secrets'] } as const;
  const state = `${secretName}-state`;
  return [
    { ...secrets, verbs: ['create'], why: 'the root of the mesh, once; RBAC cannot bind what is created to a name' },
    ...(source === 'Secret'
      ? [
          { ...secrets, resourceNames: [secretName], verbs: ['get'], why: 'the root of the mesh, which is given' },
          { ...secrets, resourceNames: [state], verbs: ['get', 'update'], why: 'how far the change to another one is' },
        ]
      : [
          {
            ...secrets,
            resourceNames: [secretName, state],
            verbs: ['get', 'update'],
            why: 'the root of the mesh, or where one is given, how far the change to another one is',
          },
        ]),
  ];
}

/** What the standby may do, in all namespaces and nowhere else: it writes nothing. */
export function standbyClusterRules(): readonly Rule[] {
  return [
    {
      apiGroups: ['authentication.k8s.io'],
      resources: ['tokenreviews'],
      verbs: ['create'],
      why: 'whether a proxy is the pod that it says it is; nothing is stored',
    },
    {
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['get'],
      why: 'as what a pod runs that came while the operator was away',
    },
  ];
}

/** What the agent of the CNI plugin may do in all namespaces. */
export function cniClusterRules(): readonly Rule[] {
  return [
    {
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['get'],
      why: 'whether the pod that starts has a proxy, and what it leaves out',
    },
  ];
}

/** What it may do in its own namespace, which has that name, with its DaemonSet of that name. */
export function cniRules(daemonSet: string, namespace: string): readonly Rule[] {
  return [
    {
      apiGroups: ['apps'],
      resources: ['daemonsets'],
      resourceNames: [daemonSet],
      verbs: ['get'],
      why: 'whether it is being uninstalled, and takes the plugin off its node',
    },
    {
      apiGroups: [''],
      resources: ['namespaces'],
      resourceNames: [namespace],
      verbs: ['get'],
      why: 'the same of its namespace, whose pods are deleted before all else',
    },
  ];
}
