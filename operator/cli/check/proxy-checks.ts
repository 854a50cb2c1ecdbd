import type { Pod } from '../../api/index.ts';
import { isAlive, isMeshed, PROXY_CONTAINER } from '../../build/index.ts';
import { INJECT_LABEL } from '../../webhooks/injection/names.ts';
import { type Check, known, ok, skipped, warning } from './facts.ts';

const MOST_NAMES = 5;

/** What holds for the proxies. */
export const PROXY_CHECKS: Readonly<Record<string, Check>> = {
  'pods-meshed': ({ namespaces, pods }) =>
    known(namespaces, (asking) =>
      known(pods, (all) => {
        const names = new Set(asking.map(({ metadata }) => metadata.name));
        const should = all.filter((pod) => names.has(pod.metadata.namespace ?? '') && isAlive(pod) && mayBeMeshed(pod));
        if (names.size === 0) return skipped('no namespace has the label mesh.dot-kube.io/inject=enabled');
        const without = should.filter((pod) => !isMeshed(pod)).map(nameOf);
        if (without.length === 0) return ok(`all ${should.length} pods that are to have a proxy have one`);
        return warning(
          `made before their namespace asked for proxies, and without one: ${namesText(without)}`,
          `start them again: ${restarts(without)}`,
        );
      }),
    ),

  'proxies-in-sync': ({ proxies }) =>
    known(proxies, ({ answered, proxies: all, silent }) => {
      if (answered.length === 0) return skipped('no replica of the operator can be asked');
      const wrong = all.filter(({ connected, types }) => !connected || types.some(({ state }) => state !== 'SYNCED'));
      const fix = 'dotkube proxy-status tells more';
      if (silent.length > 0) return warning(`${silent.map(({ pod }) => pod).join(', ')} cannot be asked`, fix);
      if (wrong.length === 0) return ok(`all ${all.length} proxies have what they are to have`);
      return warning(
        `${wrong.length} of ${all.length} proxies do not: ${namesText(wrong.map(({ proxy }) => proxy))}`,
        fix,
      );
    }),

  'proxy-version': ({ pods, version }) =>
    known(pods, (all) => {
      const meshed = all.filter((pod) => isMeshed(pod) && isAlive(pod));
      if (meshed.length === 0) return skipped('there are no proxies');
      const other = meshed.filter((pod) => !isOf(proxyImage(pod), version)).map(nameOf);
      if (other.length === 0) return ok(`all ${meshed.length} proxies are of version ${version}`);
      return warning(
        `${other.length} of ${meshed.length} proxies are of another version than ${version}: ${namesText(other)}`,
        `they get this one when they are started again: ${restarts(other)}`,
      );
    }),
};

function mayBeMeshed({ metadata, spec }: Pod): boolean {
  return spec?.hostNetwork !== true && metadata.labels?.[INJECT_LABEL] !== 'disabled';
}

function proxyImage({ spec }: Pod): string {
  return (
    [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(({ name }) => name === PROXY_CONTAINER)
      ?.image ?? ''
  );
}

/** An image by digest is of no version that anybody could read. */
function isOf(image: string, version: string): boolean {
  return image.includes('@') || image.endsWith(`:${version}`);
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function namesText(names: readonly string[]): string {
  const sorted = [...names].sort();
  const more = sorted.length > MOST_NAMES ? `, and ${sorted.length - MOST_NAMES} more` : '';
  return `${sorted.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function restarts(names: readonly string[]): string {
  const namespaces = [...new Set(names.map((name) => name.slice(0, name.indexOf('/'))))].sort();
  return namespaces.map((name) => `kubectl -n ${name} rollout restart deployment`).join('; ');
}
