import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { classesOf } from '../concerned-classes.ts';
import type { PolicyScope, ServiceTarget } from '../policy-scope.ts';
import { labelsText } from '../selector.ts';
import { portsText, serviceFacts } from '../service-facts.ts';
import type { Report } from './place.ts';

/** What is wrong with what a policy applies to. `feature` is what cannot be applied to an ExternalName: `a MeshPolicy`. */
export function targetFindings(read: Read, scope: PolicyScope, feature: string, report: Report): readonly Finding[] {
  if (scope.kind === 'services') return scope.targets.flatMap((target) => targetFinding(read, target, feature, report));
  if (scope.kind !== 'pods' || classesOf(read, scope).length > 0) return [];
  const where = scope.namespace === undefined ? 'the mesh' : `the namespace ${scope.namespace} that has a proxy`;
  return [report('DK2301', 'spec.selector.matchLabels', { scope: where, labels: labelsText(scope.labels) })];
}

function targetFinding(read: Read, target: ServiceTarget, feature: string, report: Report): readonly Finding[] {
  const { namespace, name, section, index } = target;
  const facts = read.derived(serviceFacts, `${namespace}/${name}`);
  const place = `spec.targetRefs[${index}]`;
  if (facts === undefined) return [report('DK2001', `${place}.name`, { namespace, service: name })];
  if (facts.kind === 'external') {
    return [report('DK2106', `${place}.name`, { feature, subject: `${name}, which is an ExternalName` })];
  }
  if (section === undefined || facts.ports.some((port) => port.name === section)) return [];
  return [report('DK2003', `${place}.sectionName`, { service: name, port: section, ports: portsText(facts) })];
}
