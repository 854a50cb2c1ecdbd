import { PROXY_CONTAINER } from '../../../build/pod-class.ts';
import { type FindingArguments, type FindingCode, finding, findingText } from '../../../findings/index.ts';
import { EXCLUSION_FORMS, PORTS_PATTERN } from '../exclusions.ts';
import {
  CAPTURE_CONTAINER,
  EXCLUDE_INBOUND_PORTS,
  EXCLUDE_OUTBOUND_CIDRS,
  EXCLUDE_OUTBOUND_PORTS,
  INJECT_LABEL,
} from '../names.ts';
import { PROBE_PATH_PATTERN } from '../pod-findings.ts';
import { type InjectionSettings, RESERVED_PORTS } from '../settings.ts';
import { celConcat, celString } from './cel-text.ts';
import { EXCLUSION_VARIABLES, handlerVariables, type PolicyVariable } from './variables.ts';

/** A rule of a ValidatingAdmissionPolicy. */
export interface PolicyValidation {
  readonly expression: string;
  readonly messageExpression: string;
  readonly reason: 'Invalid';
}

/** What a ValidatingAdmissionPolicy asks, and the variables that it needs. */
export interface PolicyValidations {
  readonly variables: readonly PolicyVariable[];
  readonly validations: readonly PolicyValidation[];
}

/** `podFindings` in CEL, of pods that were injected, or should have been. */
export function policyValidations(settings: InjectionSettings): PolicyValidations {
  const own = settings.capture === 'cni' ? [PROXY_CONTAINER] : [CAPTURE_CONTAINER, PROXY_CONTAINER];
  const label = `object.metadata.?labels[${celString(INJECT_LABEL)}].orValue("enabled")`;
  const wrongPorts = (list: string): string => `variables.${list}.filter(x, !(${IS_PORTS}))`;
  const { uid } = settings.proxy;
  const asProxy = `variables.owners.filter(e, e.c.?securityContext.runAsUser.orValue(object.spec.?securityContext.runAsUser.orValue(-1)) == ${uid})`;
  const taken = `[${RESERVED_PORTS.join(', ')}]`;
  const declared = `variables.owners.filter(e, e.c.?ports.orValue([]).exists(p, p.containerPort in ${taken}))`;
  return {
    variables: [...EXCLUSION_VARIABLES, ...handlerVariables(own.length), PROBES],
    validations: [
      rule(`${label} == "enabled"`, 'DK4002', `metadata.labels[${INJECT_LABEL}]`, { value: label }),
      noneOf(wrongPorts('inboundPorts'), 'DK4001', ...exclusion(EXCLUDE_INBOUND_PORTS)),
      noneOf(wrongPorts('outboundPorts'), 'DK4001', ...exclusion(EXCLUDE_OUTBOUND_PORTS)),
      noneOf(WRONG_CIDRS, 'DK4001', ...exclusion(EXCLUDE_OUTBOUND_CIDRS)),
      noneOf(asProxy, 'DK4003', '‹field›', { field: 'x.field', container: 'x.c.name', uid: celString(String(uid)) }),
      noneOf(declared, 'DK4004', '‹field›.ports', {
        field: 'x.field',
        port: `string(x.c.ports.filter(p, p.containerPort in ${taken})[0].containerPort)`,
      }),
      noneOf(`variables.handlers.filter(e, !e.path.matches(${celString(PROBE_PATH_PATTERN)}))`, 'DK4005', '‹field›', {
        field: 'x.field',
        target: 'x.path',
      }),
      noneOf('variables.probes.filter(e, e.number == 0)', 'DK4006', '‹field›', {
        field: 'x.field',
        container: 'x.container',
        port: 'x.port',
      }),
      noneOf(`variables.probes.filter(e, e.number in ${taken})`, 'DK4004', '‹field›', {
        field: 'x.field',
        port: 'string(x.number)',
      }),
      rule(
        own
          .map((name) => `object.spec.?initContainers.orValue([]).exists(c, c.name == ${celString(name)})`)
          .join(' && '),
        'DK4007',
        'spec.initContainers',
        {},
      ),
    ],
  };
}

/** Tells of pods on the network of their node. */
export function leftOutValidation(): PolicyValidations {
  return {
    variables: [],
    validations: [rule('!object.spec.?hostNetwork.orValue(false)', 'DK4101', 'spec.hostNetwork', {})],
  };
}

const IS_PORTS = `x.matches(${celString(PORTS_PATTERN.source)}) && x.split("-").all(p, int(p) <= 65535)
  && (!x.contains("-") || int(x.split("-")[0]) < int(x.split("-")[1]))`;

const WRONG_CIDRS = 'variables.outboundCidrs.filter(x, x.contains("/") ? !isCIDR(x) : !isIP(x))';

/** The probes with the numbers of their ports; 0 for a name that the container does not have. */
const PROBES: PolicyVariable = {
  name: 'probes',
  expression: `variables.handlers.map(e, [e.path.split("/", 5)].map(s, {
    "field": dyn(e.field),
    "container": dyn(e.c.name),
    "port": dyn(s[3]),
    "number": dyn(s[3].matches("^[0-9]{1,5}$") ? int(s[3])
      : e.c.?ports.orValue([]).filter(q, q.?name.orValue("") == s[3]).map(q, q.containerPort)[?0].orValue(0))
  })[0])`,
};

function exclusion(annotation: keyof typeof EXCLUSION_FORMS): readonly [string, Readonly<Record<string, string>>] {
  const form = celString(EXCLUSION_FORMS[annotation]);
  return [`metadata.annotations[${annotation}]`, { entry: 'x == "" ? "\\"\\"" : x', form }];
}

/** No item may be in a list; the message is about the first one, `x`. */
function noneOf(
  list: string,
  code: FindingCode,
  field: string,
  args: Readonly<Record<string, string>>,
): PolicyValidation {
  const message = messageOf(code, field, args);
  return { expression: `size(${list}) == 0`, messageExpression: `${list}.map(x, ${message})[0]`, reason: 'Invalid' };
}

function rule(
  expression: string,
  code: FindingCode,
  field: string,
  args: Readonly<Record<string, string>>,
): PolicyValidation {
  return { expression, messageExpression: messageOf(code, field, args), reason: 'Invalid' };
}

/** The finding's text with the expressions of its arguments, and of `‹field›`, in it. */
function messageOf(code: FindingCode, field: string, args: Readonly<Record<string, string>>): string {
  const names = Object.keys(args);
  const holes = Object.fromEntries(names.map((name) => [name, `‹${name}›`])) as FindingArguments<FindingCode>;
  const text = findingText(finding(code, { object: { kind: 'Pod', name: '' }, field }, holes));
  return celConcat(text, Object.fromEntries(names.map((name) => [`‹${name}›`, `(${args[name] ?? '""'})`])));
}
