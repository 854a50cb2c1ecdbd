import { listOf, objectOf } from '../../build/lenient.ts';
import { DRAINED } from './names.ts';
import type { ContainerShape, PodShape } from './pod-shape.ts';
import type { InjectionSettings } from './settings.ts';

const DEFAULT_GRACE_SECONDS = 30;

/** The names of the containers that are given a preStop hook: none of their own, and time enough. */
export function drainedContainers(pod: PodShape, { drainSeconds }: InjectionSettings): readonly string[] {
  const { containers, terminationGracePeriodSeconds } = pod.spec ?? {};
  if (drainSeconds === 0 || (terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) <= drainSeconds) return [];
  return listOf(containers).flatMap(({ name, lifecycle }) =>
    name === undefined || objectOf(objectOf(lifecycle)?.preStop) !== undefined ? [] : [name],
  );
}

/** The container with the hook. */
export function drained(container: ContainerShape, drainSeconds: number): ContainerShape {
  return {
    ...container,
    lifecycle: { ...objectOf(container.lifecycle), preStop: { sleep: { seconds: drainSeconds } } },
  };
}

/** The containers that injection says to have given a hook. */
export function recordedDrains(pod: PodShape): readonly string[] {
  const text = objectOf(pod.metadata?.annotations)?.[DRAINED];
  return typeof text === 'string' && text !== '' ? text.split(',') : [];
}

/** The container without the hook, if it is still there. */
export function undrained(container: ContainerShape): ContainerShape {
  const { lifecycle, ...rest } = container;
  const { preStop, ...others } = objectOf(lifecycle) ?? {};
  if (objectOf(preStop)?.sleep === undefined) return container;
  return Object.keys(others).length === 0 ? rest : { ...rest, lifecycle: others };
}
