import type { Pod } from '../../api/index.ts';
import { fieldOf } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { CNI } from '../cluster/system-names.ts';
import { listAt } from '../proxy-config/dump.ts';
import { type Check, failed, known, ok, skipped } from './facts.ts';

const COMPONENT = 'app.kubernetes.io/component';

/** What holds for the agents of the CNI plugin, where that captures. */
export const CNI_CHECKS: Readonly<Record<string, Check>> = {
  'cni-agents': ({ deployment, nodes, pods }) =>
    known(deployment, (operator) => {
      if (!argsOf(operator).includes('--proxy-capture=cni'))
        return skipped('connections are captured by containers of the pods');
      return known(nodes, (allNodes) =>
        known(pods, (allPods) => {
          const served = new Set(allPods.filter(isAgent).map(({ spec }) => spec?.nodeName));
          const wanted = allNodes
            .filter((node) => isReady(node) && !isWindows(node))
            .map(({ metadata }) => metadata.name);
          const without = wanted.filter((name) => !served.has(name)).sort();
          if (without.length === 0) return ok(`the agents of the CNI plugin are ready on all ${wanted.length} nodes`);
          return failed(
            `no agent of the CNI plugin is ready on ${without.join(', ')}: pods wait there, or never get ready`,
            `kubectl -n ${CNI} get pods -o wide; kubectl -n ${CNI} logs daemonset/${CNI}`,
          );
        }),
      );
    }),
};

function argsOf(deployment: KubernetesObject | undefined): readonly unknown[] {
  const containers = listAt(fieldOf(fieldOf(deployment?.spec, 'template'), 'spec'), 'containers');
  return containers.flatMap((container) => listAt(container, 'args'));
}

function isAgent(pod: Pod): boolean {
  return pod.metadata.namespace === CNI && pod.metadata.labels?.[COMPONENT] === 'cni' && isReady(pod);
}

/** Pods of Windows get no proxies. */
function isWindows({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.['kubernetes.io/os'] === 'windows';
}

function isReady({ status }: Pick<KubernetesObject, 'status'>): boolean {
  return listAt(status, 'conditions').some(
    (condition) => fieldOf(condition, 'type') === 'Ready' && fieldOf(condition, 'status') === 'True',
  );
}
