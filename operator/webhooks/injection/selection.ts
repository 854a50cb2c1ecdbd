import { INJECT_LABEL } from './names.ts';
import type { InjectionSettings } from './settings.ts';

/** Which pods something is asked about, as admission policies and webhooks say it. */
export interface PodSelection {
  /** Last part of the name of the binding or the webhook. */
  readonly name: 'by-namespace' | 'by-pod';
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
}

export interface LabelSelector {
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

/**
 * The pods that are to get a proxy: those of namespaces that say so which say nothing themselves, and those that speak for
 * themselves. No pod is in both. A label with a wrong value is taken too, to be refused; pods of the cluster and of the mesh
 * itself never are.
 */
export function podSelections({ systemNamespaces }: InjectionSettings): readonly PodSelection[] {
  const elsewhere = {
    key: 'kubernetes.io/metadata.name',
    operator: 'NotIn' as const,
    values: systemNamespaces.toSorted(),
  };
  return [
    {
      name: 'by-namespace',
      namespaceSelector: {
        matchExpressions: [{ key: INJECT_LABEL, operator: 'In', values: ['enabled'] }, elsewhere],
      },
      objectSelector: { matchExpressions: [{ key: INJECT_LABEL, operator: 'DoesNotExist' }] },
    },
    {
      name: 'by-pod',
      namespaceSelector: { matchExpressions: [elsewhere] },
      objectSelector: {
        matchExpressions: [
          { key: INJECT_LABEL, operator: 'Exists' },
          { key: INJECT_LABEL, operator: 'NotIn', values: ['disabled'] },
        ],
      },
    },
  ];
}

/** A condition in CEL. */
export interface MatchCondition {
  readonly name: string;
  readonly expression: string;
}

/** Conditions that a pod with a proxy meets; see `decideInjection`. */
export const FIT_CONDITIONS: readonly MatchCondition[] = [
  { name: 'has-a-network-of-its-own', expression: '!object.spec.?hostNetwork.orValue(false)' },
  {
    name: 'is-no-mirror-pod',
    expression: '!("kubernetes.io/config.mirror" in object.metadata.?annotations.orValue({}))',
  },
  {
    name: 'is-not-of-windows',
    expression:
      'object.spec.?os.name.orValue("") != "windows" && object.spec.?nodeSelector["kubernetes.io/os"].orValue("") != "windows"',
  },
];

/** The conditions but for the network. */
export const NETWORK_CONDITION = 'has-a-network-of-its-own';
