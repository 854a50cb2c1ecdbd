import { stringify } from 'yaml';
import { kustomizeComponent } from './kustomize-component.ts';
import { manifestYaml, type SystemManifests } from './manifest.ts';

/**
 * The files of the kustomize bases by path: the kinds and the system, each alone and both together; the same again with
 * injection by a webhook, for clusters before Kubernetes 1.36; and components that make either of them capture by the CNI plugin, and
 * run a standby.
 */
export function kustomizeBase(
  { crds, system }: SystemManifests,
  { system: webhookSystem }: SystemManifests,
  { system: cniSystem }: SystemManifests,
  { system: standbySystem }: SystemManifests,
): ReadonlyMap<string, string> {
  return new Map([
    ['base/kustomization.yaml', kustomization('../crds', '../system')],
    ['base-webhook/kustomization.yaml', kustomization('../crds', '../system-webhook')],
    ...[...kustomizeComponent(system, cniSystem)].map(([path, text]) => [`cni/${path}`, text] as const),
    ...[...kustomizeComponent(system, standbySystem)].map(([path, text]) => [`standby/${path}`, text] as const),
    ['crds/kustomization.yaml', kustomization('crds.yaml')],
    ['crds/crds.yaml', manifestYaml(crds)],
    ['system/kustomization.yaml', kustomization('system.yaml')],
    ['system/system.yaml', manifestYaml(system)],
    ['system-webhook/kustomization.yaml', kustomization('system.yaml')],
    ['system-webhook/system.yaml', manifestYaml(webhookSystem)],
  ]);
}

function kustomization(...resources: readonly string[]): string {
  return stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources });
}
