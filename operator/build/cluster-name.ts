import type { ClusterName, ServiceRef } from '@dot-kube/proxy/model';
import { type Labels, pairsOf } from './lenient.ts';
import { labelsText } from './selector.ts';

/** The cluster of a Service's port, or of those of its endpoints whose pods carry the labels. */
export function clusterName({ namespace, name }: ServiceRef, port: number, labels?: Labels): ClusterName {
  const whole = `${namespace}/${name}:${port}`;
  return labels === undefined || pairsOf(labels).length === 0 ? whole : `${whole}|${labelsText(labels)}`;
}
