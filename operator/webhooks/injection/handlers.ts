import { objectOf } from '../../build/lenient.ts';
import { proxyPathOf } from './probe-path.ts';
import type { ContainerShape, HandlerShape, LifecycleShape, ProbeShape } from './pod-shape.ts';

/** Where the kubelet's ways to ask a container are, in the order in which they are looked at. */
export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
export const HOOKS = ['postStart', 'preStop'] as const;

/** One of them, with the path under which the proxy passes it on. */
export interface ForwardedHandler {
  /** From the container: `lifecycle.preStop`. */
  readonly field: string;
  readonly path: string;
}

/** All that the proxy has to pass on for a container: exec and sleep need no network, and another host is asked there. */
export function forwardedHandlers(container: ContainerShape): readonly ForwardedHandler[] {
  const name = container.name ?? '';
  const probes = PROBES.map((field) => ({ field, path: pathOfProbe(name, container[field]) }));
  const hooks = HOOKS.map((field) => ({
    field: `lifecycle.${field}`,
    path: pathOfHook(name, objectOf(container.lifecycle)?.[field]),
  }));
  return [...probes, ...hooks].flatMap(({ field, path }) => (path === undefined ? [] : [{ field, path }]));
}

/** The container with each handler replaced; `change` is given the path under which the proxy passes it on. */
export function withHandlers(
  container: ContainerShape,
  change: (handler: HandlerShape, path: string) => HandlerShape,
): ContainerShape {
  const name = container.name ?? '';
  let changed = container;
  for (const field of PROBES) {
    const path = pathOfProbe(name, container[field]);
    if (path !== undefined) changed = { ...changed, [field]: change(container[field] ?? {}, path) };
  }
  const lifecycle = objectOf(container.lifecycle);
  let hooks: LifecycleShape | undefined = lifecycle;
  for (const field of HOOKS) {
    const path = pathOfHook(name, lifecycle?.[field]);
    if (path !== undefined) hooks = { ...hooks, [field]: change(lifecycle?.[field] ?? {}, path) };
  }
  return hooks === lifecycle || hooks === undefined ? changed : { ...changed, lifecycle: hooks };
}

function pathOfProbe(container: string, probe: ProbeShape | null | undefined): string | undefined {
  const given = objectOf(probe);
  if (given === undefined) return undefined;
  // 0 stands for the default, as the API server takes it.
  const [period, timeout] = [given.periodSeconds || 10, given.timeoutSeconds || 1];
  return proxyPathOf(container, given, `${period}/${timeout}`);
}

function pathOfHook(container: string, hook: HandlerShape | null | undefined): string | undefined {
  const given = objectOf(hook);
  return given === undefined ? undefined : proxyPathOf(container, given, undefined);
}
