import type { Pod } from '../../api/core.ts';
import { isMeshed, PROXY_CONTAINER } from '../../build/pod-class.ts';
import { type Finding, finding, findingObject } from '../../findings/index.ts';
import type { InjectionSettings } from './settings.ts';

/** The image of a pod's proxy; undefined for a pod without one. Pure. */
export function proxyImageOf({ spec }: Pod): string | undefined {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  return containers.find(({ name }) => name === PROXY_CONTAINER)?.image;
}

/** What tells the versions of an image apart, whichever registry it is from: `1.2.0`, `1.2.0@sha256:…`, `latest`. Pure. */
export function imageVersion(image: string): string {
  const [, version] = /^[^:@]*[:@](.+)$/.exec(image.slice(image.lastIndexOf('/') + 1)) ?? [];
  return version ?? 'latest';
}

/** Told of a pod whose proxy is not of the version that new pods get. It is served all the same. Pure. */
export function versionFinding(pod: Pod, { proxyImage }: Pick<InjectionSettings, 'proxyImage'>): Finding | undefined {
  const image = isMeshed(pod) ? proxyImageOf(pod) : undefined;
  if (image === undefined || imageVersion(image) === imageVersion(proxyImage)) return undefined;
  const place = { object: findingObject(pod), field: 'spec.initContainers' };
  return finding('DK4103', place, { version: imageVersion(image), current: imageVersion(proxyImage) });
}
