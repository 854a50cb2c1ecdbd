import { applicationProbesOf, type ProbeAddress, type ProbeParts, probeParts } from '@dot-kube/proxy/bootstrap';
import { listOf } from '../../build/lenient.ts';
import { forwardedHandlers } from './handlers.ts';
import { APPLICATION_PROBE_PORT } from './names.ts';
import type { ContainerShape } from './pod-shape.ts';
import { parseProbePath, type ProbePath, probeRouteOf } from './probe-path.ts';
import type { InjectionSettings } from './settings.ts';

/** What a pod without probes adds to the proxy's start-up configuration. */
export const NO_OVERLAY = '{}';

/**
 * What a pod's probes add to the proxy's start-up configuration, as JSON: a listener that passes on exactly these, each to the
 * port of its container on loopback.
 */
export function probeOverlay(containers: readonly ContainerShape[], settings: InjectionSettings): string {
  const routes = new Map<string, ProbeParts>();
  for (const container of containers) {
    for (const { path } of forwardedHandlers(container)) {
      const was = parseProbePath(container.name ?? '', path);
      if (was !== undefined) routes.set(path, probeParts(probeRouteOf(path, was, portNumber(container, was) ?? 0)));
    }
  }
  if (routes.size === 0) return NO_OVERLAY;
  const parts = [...routes.values()];
  return overlayText(settings, {
    routes: parts.flatMap((part) => part.routes),
    filters: parts.flatMap((part) => part.filters),
    clusters: parts.flatMap((part) => part.clusters),
  });
}

/** The same from parts. */
export function overlayText(settings: InjectionSettings, parts: ProbeParts): string {
  const addresses = settings.families.map((family) => (family === 'ipv4' ? '0.0.0.0' : '::'));
  const address: ProbeAddress = { addresses, port: APPLICATION_PROBE_PORT };
  return JSON.stringify({ static_resources: applicationProbesOf(address, parts) });
}

/** The number of a probe's port, whose name is one of the container's own; undefined for a name that it does not have. */
export function portNumber(container: ContainerShape, { port }: ProbePath): number | undefined {
  if (typeof port === 'number') return port;
  return listOf(container.ports).find(({ name }) => name === port)?.containerPort;
}
