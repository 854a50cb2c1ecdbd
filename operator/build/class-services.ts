import type { Protocol, ServiceRef } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { SERVICES } from './collections.ts';
import { podClass } from './pod-facts.ts';
import { resolvePort } from './pod-class.ts';
import { labelKeys, selects } from './selector.ts';
import { serviceFacts } from './service-facts.ts';

/** A Service that selects the pods of a class, and where its ports end there. */
export interface ClassService {
  readonly ref: ServiceRef;
  readonly ports: readonly ClassServicePort[];
}

/** One port of such a Service; `target` is the pod's port. */
export interface ClassServicePort {
  readonly name: string;
  readonly target: number;
  readonly protocol: Protocol;
}

/** The Services that select the pods of a class, sorted. A named port that no container has ends nowhere. */
export const classServices: Derivation<readonly ClassService[]> = {
  name: 'classServices',
  compute(read, key) {
    const pods = read.derived(podClass, key);
    if (pods === undefined) return [];
    const candidates = labelKeys(pods.namespace, pods.labels).flatMap((group) =>
      read.members(SERVICES, 'selector', group),
    );
    return [...new Set(candidates)].sort().flatMap((service) => {
      const facts = read.derived(serviceFacts, service);
      if (facts === undefined || !selects(facts.selector, pods.labels)) return [];
      const ports = facts.ports.flatMap(({ name, target, protocol }) => {
        const number = resolvePort(target, pods.ports);
        return number === undefined ? [] : [{ name, target: number, protocol }];
      });
      return [{ ref: facts.ref, ports }];
    });
  },
};
