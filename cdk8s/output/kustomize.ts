import { stringify } from 'yaml';
import { manifestYaml, type SystemManifests } from './manifest.ts';

/** The files of the kustomize base by path. */
export function kustomizeBase({ crds, system }: SystemManifests): ReadonlyMap<string, string> {
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['crds.yaml', 'system.yaml'],
  };
  return new Map([
    ['kustomization.yaml', stringify(kustomization)],
    ['crds.yaml', manifestYaml(crds)],
    ['system.yaml', manifestYaml(system)],
  ]);
}
