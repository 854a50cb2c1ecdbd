import type { Protocol, ServiceRef } from '@dot-kube/proxy/model';
import type { Derivation } from '../framework/derive/index.ts';
import { classServices } from './class-services.ts';
import { podClass } from './pod-facts.ts';
import { agreedProtocol, protocolOf } from './protocol.ts';

/** A port of a pod that Services or its containers declare. */
export interface DeclaredPort {
  readonly port: number;
  readonly protocol: Protocol;
  /** Some say HTTP and some say TCP. The proxy then looks at the first bytes. */
  readonly conflict: boolean;
  /** The Services that lead to it, sorted. */
  readonly services: readonly ServiceRef[];
}

/** The declared ports of the pods of a class, sorted. What Services say goes before the name of the container's port. */
export const workloadPorts: Derivation<readonly DeclaredPort[]> = {
  name: 'workloadPorts',
  compute(read, key) {
    const claims = new Map<number, { said: Protocol[]; services: ServiceRef[] }>();
    for (const { ref, ports } of read.derived(classServices, key)) {
      for (const { target, protocol } of ports) {
        const claim = claims.get(target) ?? { said: [], services: [] };
        claims.set(target, claim);
        claim.said.push(protocol);
        if (claim.services.at(-1) !== ref) claim.services.push(ref);
      }
    }
    for (const { port, name } of read.derived(podClass, key)?.ports ?? []) {
      if (!claims.has(port)) claims.set(port, { said: [protocolOf(undefined, name).protocol], services: [] });
    }
    return [...claims]
      .sort(([a], [b]) => a - b)
      .map(([port, { said, services }]) => {
        const agreed = agreedProtocol(said);
        const conflict = agreed.kind === 'conflict';
        return { port, protocol: conflict ? 'sniff' : agreed.protocol, conflict, services };
      });
  },
};
