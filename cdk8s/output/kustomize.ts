import { stringify } from 'yaml';
import { manifestYaml, type SystemManifests } from './manifest.ts';

/** The files of the kustomize base by path: the kinds and the system, each alone and both together. */
export function kustomizeBase({ crds, system }: SystemManifests): ReadonlyMap<string, string> {
  return new Map([
    ['base/kustomization.yaml', kustomization('../crds', '../system')],
    ['crds/kustomization.yaml', kustomization('crds.yaml')],
    ['crds/crds.yaml', manifestYaml(crds)],
    ['system/kustomization.yaml', kustomization('system.yaml')],
    ['system/system.yaml', manifestYaml(system)],
  ]);
}

function kustomization(...resources: readonly string[]): string {
  return stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}
