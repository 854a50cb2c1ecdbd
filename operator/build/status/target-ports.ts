import type { Read } from '../../framework/derive/index.ts';
import { callerPolicy, type Effective } from '../policy/caller-policy.ts';
import type { ServiceTarget } from '../policy-scope.ts';
import { type PortFacts, serviceFacts } from '../service-facts.ts';

/** The ports of a target that a policy means, with what holds for their callers. */
export function targetPorts(
  read: Read,
  { namespace, name, section }: Omit<ServiceTarget, 'index'>,
): readonly { readonly port: PortFacts; readonly fields: Effective }[] {
  const key = `${namespace}/${name}`;
  const policy = read.derived(callerPolicy, key);
  const ports = read.derived(serviceFacts, key)?.ports ?? [];
  return ports
    .filter((port) => section === undefined || port.name === section)
    .map((port) => ({ port, fields: policy.get(port.port) ?? {} }));
}
