import type { KubernetesObject } from '../../framework/api/object.ts';

/** Labels and annotations that those who keep objects leave on them. */
const MARKS: readonly (readonly [string, string])[] = [
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['meta.helm.sh/release-name', 'Helm'],
];

/** Who else keeps an object, and would put it back or be confused: `Argo CD`, `Flux`, `Helm`. */
export function keeperOf({ metadata }: KubernetesObject): string | undefined {
  const marks = { ...metadata.labels, ...metadata.annotations };
  return MARKS.find(([key]) => Object.hasOwn(marks, key))?.[1];
}
