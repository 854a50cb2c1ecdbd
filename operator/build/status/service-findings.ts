import type { Finding } from '../../findings/index.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { classesOfService } from '../concerned-classes.ts';
import { externalTarget } from '../external-name.ts';
import { podClass } from '../pod-facts.ts';
import { resolvePort } from '../pod-class.ts';
import { serviceEndpoints } from '../service-endpoints.ts';
import { portText, serviceFacts, type ServiceFacts } from '../service-facts.ts';
import { MESH, settings } from '../settings.ts';
import { serviceKey } from '../sources.ts';
import { workloadPorts } from '../workload-ports.ts';
import { objectText, type Report, reporter } from './place.ts';

/** How long a caller's proxy looks at the first bytes of a connection to a port that does not say what it speaks. */
export const SNIFFING_WAIT = '300ms';

/** What is wrong with the Service `namespace/name`, which has no status of its own: for events, `dotkube status` and logs. */
export const serviceFindings: Derivation<readonly Finding[]> = {
  name: 'serviceFindings',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined) return [];
    const report = reporter({ kind: 'Service', ...facts.ref });
    return [
      ...facts.taken.map(({ address, by }) =>
        report('DK2202', 'spec.clusterIP', { address, other: objectText({ kind: 'Service', ...by }) }),
      ),
      ...facts.ports
        .filter(({ protocol }) => protocol === 'sniff' && facts.kind !== 'external')
        .map((port) =>
          report('DK2302', `spec.ports[${port.index}]`, {
            port: portText(port),
            service: facts.ref.name,
            wait: SNIFFING_WAIT,
          }),
        ),
      ...externalFindings(read, facts, report),
      ...familyFindings(read, facts, report),
      ...podFindings(read, facts, report),
    ];
  },
};

/** An external name by which nobody is reached. */
function externalFindings(read: Read, { ref }: ServiceFacts, report: Report): readonly Finding[] {
  const target = read.derived(externalTarget, serviceKey(ref));
  if (target?.kind !== 'nowhere') return [];
  const { name, problem } = target;
  return [report('DK2309', 'spec.externalName', { service: ref.name, name, problem })];
}

/** Addresses of meshed pods that redirection does not know of, by which who can reach them gets past their policies. */
function familyFindings(read: Read, { ref }: ServiceFacts, report: Report): readonly Finding[] {
  const { families } = read.derived(settings, MESH);
  if (families === undefined || families.length > 1) return [];
  const family = families.includes('ipv4') ? 'IPv6' : 'IPv4';
  const addresses = read
    .derived(serviceEndpoints, serviceKey(ref))
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ pod }) => (pod?.meshed === true ? pod.addresses : []));
  const isCaptured = addresses.every((address) => address.includes(':') === families.includes('ipv6'));
  return isCaptured ? [] : [report('DK2308', 'spec.selector', { service: ref.name, family })];
}

/** Where the Service and its pods do not fit together. */
function podFindings(read: Read, facts: ServiceFacts, report: Report): readonly Finding[] {
  const classes = classesOfService(read, serviceKey(facts.ref));
  const containers = classes.map((key) => read.derived(podClass, key)?.ports ?? []);
  const conflicts = new Set(
    classes.flatMap((key) =>
      read.derived(workloadPorts, key).flatMap(({ conflict, port }) => (conflict ? [port] : [])),
    ),
  );
  return facts.ports.flatMap((port) => {
    const place = `spec.ports[${port.index}]`;
    const targets = containers.map((ports) => resolvePort(port.target, ports));
    if (targets.length > 0 && targets.every((target) => target === undefined)) {
      const args = { service: facts.ref.name, target: port.target, port: portText(port) };
      return [report('DK2306', `${place}.targetPort`, args)];
    }
    const disputed = targets.find((target) => target !== undefined && conflicts.has(target));
    return disputed === undefined ? [] : [report('DK2203', place, { port: disputed, service: facts.ref.name })];
  });
}
