import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { classesOf } from '../concerned-classes.ts';
import { externalTarget } from '../external-name.ts';
import type { PolicyScope, ServiceTarget } from '../policy-scope.ts';
import { labelsText } from '../selector.ts';
import { portsText, serviceFacts } from '../service-facts.ts';
import { serviceKey } from '../sources.ts';
import type { Report } from './place.ts';

/** What is wrong with what a policy applies to. `features` are those of it that cannot be applied to an ExternalName. */
export function targetFindings(
  read: Read,
  scope: PolicyScope,
  features: ExternalFeatures,
  report: Report,
): readonly Finding[] {
  if (scope.kind === 'services')
    return scope.targets.flatMap((target) => targetFinding(read, target, features, report));
  if (scope.kind !== 'pods' || classesOf(read, scope).length > 0) return [];
  const where = scope.namespace === undefined ? 'the mesh' : `the namespace ${scope.namespace} that has a proxy`;
  return [report('DK2301', 'spec.selector.matchLabels', { scope: where, labels: labelsText(scope.labels) })];
}

/** A policy as a whole, and the fields of it that no ExternalName can have; where the first is one of the second, nothing can apply. */
export interface ExternalFeatures {
  readonly all: string;
  readonly never: readonly string[];
}

function targetFinding(
  read: Read,
  target: ServiceTarget,
  features: ExternalFeatures,
  report: Report,
): readonly Finding[] {
  const { namespace, name, section, index } = target;
  const facts = read.derived(serviceFacts, `${namespace}/${name}`);
  const place = `spec.targetRefs[${index}]`;
  if (facts === undefined) return [report('DK2001', `${place}.name`, { namespace, service: name })];
  if (facts.kind === 'external') {
    const unsupported = (feature: string, what: string): Finding =>
      report('DK2106', `${place}.name`, { feature, subject: `${name}, which is ${what}` });
    const stands = read.derived(externalTarget, `${namespace}/${name}`);
    if (stands?.kind === 'service') return [unsupported(features.all, `another name of ${serviceKey(stands.ref)}`)];
    if (facts.ports.length === 0) return [unsupported(features.all, 'an ExternalName without a port of HTTP')];
    const findings = features.never.map((feature) => unsupported(feature, 'an ExternalName'));
    if (findings.length > 0) return findings;
  }
  if (section === undefined || facts.ports.some((port) => port.name === section)) return [];
  return [report('DK2003', `${place}.sectionName`, { service: name, port: section, ports: portsText(facts) })];
}
