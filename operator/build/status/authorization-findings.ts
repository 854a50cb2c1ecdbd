import { carriesHttp, type Protocol } from '@dot-kube/proxy/model';
import type { AuthorizationPolicy, AuthorizationPolicyRuleTo } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { authorizationPart } from '../authorization/authorization-part.ts';
import { authorizationFor, isAbout } from '../authorization/class-authorization.ts';
import { asksForHttp, httpFieldsOf, operationPartOf } from '../authorization/operation-match.ts';
import { classesOf } from '../concerned-classes.ts';
import { listOf, objectOf, textsOf } from '../lenient.ts';
import { hasNoShadow } from '../network-policy/shadow.ts';
import { normalPath } from '../normal-path.ts';
import { podClass } from '../pod-facts.ts';
import { type PolicyScope, scopeOf } from '../policy-scope.ts';
import { portText, serviceFacts } from '../service-facts.ts';
import { sourceOf } from '../sources.ts';
import { workloadPorts } from '../workload-ports.ts';
import { type Report, withOthers } from './place.ts';
import { targetFindings } from './target-findings.ts';

/** A port that a policy is about, under the name by which its author knows it. */
interface ConcernedPort {
  /** The pod's port. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly text: string;
  readonly workload: string;
}

const NEVER_EXTERNAL = { all: 'an AuthorizationPolicy', never: ['an AuthorizationPolicy'] };

/** What is wrong with an AuthorizationPolicy among the objects around it. */
export function authorizationFindings(read: Read, policy: AuthorizationPolicy, report: Report): readonly Finding[] {
  const scope = scopeOf(policy);
  const ports = concernedPorts(read, scope);
  return [
    ...targetFindings(read, scope, NEVER_EXTERNAL, report),
    ...(policy.spec.mode === 'DryRun' ? [report('DK2304', 'spec.mode', {})] : []),
    ...entriesOf(policy).flatMap(({ to, place }) => [
      ...pathFindings(to, place, report),
      ...httpOnTcpFindings(to, place, ports, scope, report),
    ]),
    ...closedFindings(read, policy, ports, report),
    ...(hasNoShadow(read, sourceOf(policy), scope) ? [report('DK2307', 'spec.rules', {})] : []),
  ];
}

function entriesOf({ spec }: AuthorizationPolicy): readonly { to: AuthorizationPolicyRuleTo; place: string }[] {
  return listOf(spec.rules).flatMap((rule, index) =>
    listOf(objectOf(rule)?.to).map((to, at) => ({ to, place: `spec.rules[${index}].to[${at}]` })),
  );
}

/** Of Services the ports that they have; else the ports that the pods concerned declare. */
function concernedPorts(read: Read, scope: PolicyScope): readonly ConcernedPort[] {
  if (scope.kind === 'services') {
    return scope.targets.flatMap(({ namespace, name, section }) =>
      (read.derived(serviceFacts, `${namespace}/${name}`)?.ports ?? [])
        .filter((port) => section === undefined || port.name === section)
        .map((port) => ({
          port: typeof port.target === 'number' ? port.target : port.port,
          protocol: port.protocol,
          text: portText(port),
          workload: name,
        })),
    );
  }
  return classesOf(read, scope).flatMap((key) => {
    const account = read.derived(podClass, key)?.serviceAccount ?? key;
    return read.derived(workloadPorts, key).map(({ port, protocol, services: [service] }) => ({
      port,
      protocol,
      text: `${port}`,
      workload: service?.name ?? `the pods of ${account}`,
    }));
  });
}

/**
 * What asks for HTTP never fits on a TCP port, so that nothing is widened. It is refused in the status when a TCP port was
 * meant: one that the entry names, or when everything that the policy selects is TCP. Else it is just noted.
 */
function httpOnTcpFindings(
  to: AuthorizationPolicyRuleTo,
  place: string,
  ports: readonly ConcernedPort[],
  scope: PolicyScope,
  report: Report,
): readonly Finding[] {
  const part = operationPartOf(to);
  const fields = httpFieldsOf(to);
  if (part === undefined || fields.length === 0) return [];
  const about = ports.filter(({ port }) => isAbout(part, port));
  const opaque = about.filter(({ protocol }) => !carriesHttp(protocol));
  const [first, ...others] = opaque;
  if (first === undefined) return [];
  const isSelected = scope.kind === 'services' || scope.kind === 'pods';
  const isMeant = part.ports !== undefined || (isSelected && opaque.length === about.length);
  const workload = withOthers(first.workload, others.length);
  return fields.map((field) =>
    isMeant
      ? report('DK2102', `${place}.${field}`, { field, port: first.text, workload })
      : report('DK2303', `${place}.${field}`, { field, port: first.text, service: workload }),
  );
}

/** An Allow policy closes the TCP ports that it is about, though what it allows cannot be there. */
function closedFindings(
  read: Read,
  policy: AuthorizationPolicy,
  ports: readonly ConcernedPort[],
  report: Report,
): readonly Finding[] {
  const part = read.derived(authorizationPart, `${policy.metadata.namespace ?? ''}/${policy.metadata.name}`);
  if (part?.action !== 'allow' || part.mode !== 'enforce') return [];
  const closed = ports.filter(({ port, protocol }) => {
    if (carriesHttp(protocol)) return false;
    const asks = part.rules.some(({ to }) => to.some((entry) => isAbout(entry, port) && asksForHttp(entry)));
    return asks && authorizationFor([{ policy: part }], port, protocol).every(({ rules }) => rules.length === 0);
  });
  const [first, ...others] = closed;
  if (first === undefined) return [];
  return [report('DK2305', 'spec.rules', { port: first.text, workload: withOthers(first.workload, others.length) })];
}

/** Paths are compared in their normal form, so that one in another form fits nothing. */
function pathFindings(to: AuthorizationPolicyRuleTo, place: string, report: Report): readonly Finding[] {
  return (['paths', 'notPaths'] as const).flatMap((field) =>
    textsOf(to[field]).flatMap((path, index) => {
      const normalized = normalPattern(path);
      return normalized === path ? [] : [report('DK2105', `${place}.${field}[${index}]`, { path, normalized })];
    }),
  );
}

function normalPattern(path: string): string {
  if (path === '*') return path;
  if (path.startsWith('*')) return `*${normalPath(path.slice(1), { start: true })}`;
  return path.endsWith('*') ? `${normalPath(path.slice(0, -1), { end: true })}*` : normalPath(path);
}
