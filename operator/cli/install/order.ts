import type { KubernetesObject } from '../../framework/api/object.ts';
import type { SystemObjects } from './charts.ts';
import { isAdmission, kindOf } from './system-kinds.ts';

/** One part of an installation: its objects are applied in order, and then waited for. */
export interface Step {
  readonly title: string;
  readonly objects: readonly KubernetesObject[];
}

/** Kinds, the namespace, the rest; last what decides on the pods of others, so that there is somebody to ask then. */
export function installSteps({ crds, system }: SystemObjects): readonly Step[] {
  const namespaces = system.filter(({ kind }) => kind === 'Namespace');
  const others = system.filter((object) => object.kind !== 'Namespace');
  const admission = others.filter((object) => isAdmission(kindOf(object)));
  const rest = others.filter((object) => !isAdmission(kindOf(object)));
  const steps = [
    { title: 'kinds', objects: crds },
    { title: 'namespace', objects: namespaces },
    { title: 'system', objects: rest },
    { title: 'injection', objects: admission },
  ];
  return steps.filter(({ objects }) => objects.length > 0);
}
