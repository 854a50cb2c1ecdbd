import type { KubernetesObject } from '../../framework/api/object.ts';
import { NAMESPACE } from '../../api/index.ts';
import { CRD, PART_OF, SYSTEM } from '../cluster/system-names.ts';
import { keeperOf } from '../install/delivery.ts';
import type { Found } from '../install/leftovers.ts';
import { isAdmission, nameOf } from '../install/system-kinds.ts';
import type { Remains } from './remains.ts';

/** What to delete, in order: a stage is gone before the next one begins. */
export interface UninstallPlan {
  readonly stages: readonly { readonly title: string; readonly objects: readonly Found[] }[];
  /** What speaks against it; `--force` does it all the same. */
  readonly objections: readonly string[];
  /** What stays, and why. */
  readonly kept: readonly string[];
}

/** Kinds whose objects have others that they keep. */
export const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'DaemonSet']);
const MOST_NAMES = 5;

/** What an uninstall does with what there is. */
export function uninstallPlan(remains: Remains, { crds }: { readonly crds: boolean }): UninstallPlan {
  const { definitions, generated, namespace, policies, system } = remains;
  const admission = system.filter(({ kind }) => isAdmission(kind));
  const of = (name: string): readonly Found[] => system.filter(({ kind }) => kind.kind === name);
  const [agents, workloads, namespaces] = [of('DaemonSet'), of('Deployment'), of('Namespace')];
  const rest = system.filter((found) => ![admission, agents, workloads, namespaces].flat().includes(found));
  const isMade = namespace?.metadata.labels?.[PART_OF.key] === PART_OF.value;
  const stages = [
    // First what decides on the pods of others, so that nobody waits for a webhook that is gone.
    { title: 'injection', objects: admission },
    // They take the CNI plugin off their nodes, and no pod would start where it is left behind.
    { title: 'CNI plugin', objects: agents },
    // Then who would make again what comes next.
    { title: 'operator', objects: workloads },
    { title: 'what the operator has made', objects: generated },
    { title: 'system', objects: rest },
    { title: 'namespace', objects: [...namespaces, ...(isMade ? [{ kind: NAMESPACE, object: namespace }] : [])] },
    { title: 'kinds', objects: crds ? definitions.map((object) => ({ kind: CRD, object })) : [] },
  ];
  return {
    stages: stages.filter(({ objects }) => objects.length > 0),
    objections: [
      ...injectedObjections(remains.injected),
      ...(crds || !isMade ? [] : policyObjections(policies)),
      ...keeperObjections(system),
    ],
    kept: [
      ...(namespace === undefined || isMade ? [] : [`namespace ${SYSTEM}: dot-kube has not made it`]),
      ...(crds || definitions.length === 0
        ? []
        : [`the kinds and ${count(policies.length, 'policy', 'policies')}; --crds deletes both`]),
    ],
  };
}

/** Their proxies run on with what they have, but get no new certificates: within a day they can talk to nobody. */
function injectedObjections(pods: readonly KubernetesObject[]): readonly string[] {
  if (pods.length === 0) return [];
  const byNamespace = Map.groupBy(pods, ({ metadata }) => metadata.namespace ?? '');
  const lines = [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, own]) => {
      const names = own.map(({ metadata }) => metadata.name).sort();
      const more = names.length > MOST_NAMES ? `, and ${names.length - MOST_NAMES} more` : '';
      return `  ${namespace}: ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
    });
  return [
    `${count(pods.length, 'pod still has a proxy', 'pods still have proxies')}, which need dot-kube for their certificates:`,
    ...lines,
    'take the label mesh.dot-kube.io/inject from their namespaces, and start them again:',
    ...[...byNamespace.keys()]
      .sort()
      .flatMap((namespace) => [
        `  kubectl label namespace ${namespace} mesh.dot-kube.io/inject- && kubectl -n ${namespace} rollout restart deployment,statefulset,daemonset`,
      ]),
  ];
}

function policyObjections(policies: readonly KubernetesObject[]): readonly string[] {
  const inside = policies.filter(({ metadata }) => metadata.namespace === SYSTEM).map(nameOf);
  if (inside.length === 0) return [];
  return [
    `the policies for the whole mesh go with the namespace ${SYSTEM}; save them first: ${inside.sort().join(', ')}`,
  ];
}

function keeperObjections(system: readonly Found[]): readonly string[] {
  const keepers = [...new Set(system.flatMap(({ object }) => keeperOf(object) ?? []))].sort();
  return keepers.map((keeper) => `${keeper} keeps this installation and may put it back: remove it there`);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
