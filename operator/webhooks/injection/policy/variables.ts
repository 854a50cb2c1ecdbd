import { PROXY_CONTAINER } from '../../../build/pod-class.ts';
import {
  APPLICATION_PROBE_PORT,
  CAPTURE_CONTAINER,
  DRAINED,
  EXCLUDE_INBOUND_PORTS,
  EXCLUDE_OUTBOUND_CIDRS,
  EXCLUDE_OUTBOUND_PORTS,
} from '../names.ts';
import { HOOKS, PROBES } from '../handlers.ts';
import { celString } from './cel-text.ts';

/** A variable of an admission policy, which expressions after it read as `variables.<name>`. */
export interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

const OWN = `[${celString(CAPTURE_CONTAINER)}, ${celString(PROXY_CONTAINER)}]`;

/** A path that is one of a probe already; the container's name, which is a DNS label, in the middle. */
const IS_PATH = `h.?httpGet.path.orValue("").matches("^/" + e.c.name + "/(https?/[^/]+/|tcp/[^/]+/[0-9]+/[0-9]+$|grpc/[^/]+/[0-9]+/[0-9]+/)")`;

const HTTP_PATH = `(
  h.httpGet.?host.orValue("") != "" ? "" :
  string(h.httpGet.port) == "${APPLICATION_PROBE_PORT}" && ${IS_PATH} ? string(h.httpGet.path) :
  "/" + e.c.name + "/" + h.httpGet.?scheme.orValue("HTTP").lowerAscii() + "/" + string(h.httpGet.port)
    + (h.httpGet.?path.orValue("/").startsWith("/") ? "" : "/") + h.httpGet.?path.orValue("/")
)`;

const PROBE_PATH = `(
  h.?httpGet.hasValue() ? ${HTTP_PATH} :
  h.?tcpSocket.hasValue() ? (
    h.tcpSocket.?host.orValue("") != "" ? "" :
    "/" + e.c.name + "/tcp/" + string(h.tcpSocket.port) + "/"
      + string(h.?periodSeconds.orValue(10)) + "/" + string(h.?timeoutSeconds.orValue(1))
  ) :
  h.?grpc.hasValue() ? (
    "/" + e.c.name + "/grpc/" + string(h.grpc.port) + "/"
      + string(h.?periodSeconds.orValue(10)) + "/" + string(h.?timeoutSeconds.orValue(1)) + "/" + h.grpc.?service.orValue("")
  ) : ""
)`;

/** Handlers of the container `e.c`: an entry for each, with what the kubelet asks (`h`) and where that is. */
function handlersOf(fields: readonly string[], parent: string, place: string, path: string): string {
  const names = `[${fields.map(celString).join(', ')}]`;
  return `${names}.filter(f, ${parent}[?f].hasValue()).map(f, [${parent.replace('.?', '.')}[f]].map(h, {
    "h": dyn(h),
    "c": dyn(e.c),
    "at": dyn(e.at + "/${place.replace('.', '/')}" + f),
    "field": dyn(e.field + ".${place}" + f),
    "path": dyn(${path})
  })[0])`;
}

/** Init containers of the application, at the place that they have without ours. */
const INITS: PolicyVariable = {
  name: 'inits',
  expression: `object.spec.?initContainers.orValue([]).filter(c, !(c.name in ${OWN}))`,
};

/** The containers of the application; `at` is where they are once `own` of ours are before them. */
function owners(own: number): PolicyVariable {
  return {
    name: 'owners',
    expression: `object.spec.containers.map(c, {
    "c": dyn(c),
    "at": dyn("/spec/containers/" + string(object.spec.containers.map(d, d.name).indexOf(c.name))),
    "field": dyn("spec.containers[" + string(object.spec.containers.map(d, d.name).indexOf(c.name)) + "]")
  }) + variables.inits.map(c, {
    "c": dyn(c),
    "at": dyn("/spec/initContainers/" + string(variables.inits.map(d, d.name).indexOf(c.name) + ${own})),
    "field": dyn("spec.initContainers[" + string(variables.inits.map(d, d.name).indexOf(c.name)) + "]")
  })`,
  };
}

const HANDLERS: PolicyVariable = {
  name: 'handlers',
  expression: `variables.owners.map(e,
  ${handlersOf(PROBES, 'e.c', '', PROBE_PATH)}
  + ${handlersOf(HOOKS, 'e.c.?lifecycle', 'lifecycle.', `h.?httpGet.hasValue() ? ${HTTP_PATH} : ""`)}
).flatten().filter(e, e.path != "")`,
};

/** Each path once, taken apart as the proxy's route of it needs it. A name that the container does not have is port 0. */
const ROUTES: PolicyVariable = {
  name: 'routes',
  expression: `variables.handlers.map(e, string(e.path)).distinct().map(p, [p.split("/", 5)].map(s, {
    "path": dyn(p),
    "bare": dyn(p.split("?")[0]),
    "kind": dyn(s[2]),
    "port": dyn(s[3].matches("^[0-9]+$") ? s[3] : string(
      variables.owners.filter(e, e.c.name == s[1]).map(e, e.c.?ports.orValue([]).filter(q, q.?name.orValue("") == s[3])
        .map(q, q.containerPort)).flatten()[?0].orValue(0))),
    "target": dyn("/" + s[4].split("?")[0]),
    "period": dyn(s[4].split("/", 3)[0]),
    "timeout": dyn(s[4].split("/", 3)[?1].orValue("")),
    "service": dyn(s[4].split("/", 3)[?2].orValue(""))
  })[0])`,
};

/** Containers that get a preStop hook, and those that got one before. */
function drains(drainSeconds: number): readonly PolicyVariable[] {
  const recorded = `object.metadata.?annotations[${celString(DRAINED)}].orValue("").split(",")`;
  const grace = `object.spec.?terminationGracePeriodSeconds.orValue(30) > ${drainSeconds}`;
  const undrained = `!c.?lifecycle.preStop.hasValue() || c.name in variables.recorded && c.lifecycle.preStop.?sleep.hasValue()`;
  return [
    { name: 'recorded', expression: recorded },
    {
      name: 'drained',
      expression:
        drainSeconds === 0
          ? 'object.spec.containers.filter(c, false).map(c, string(c.name))'
          : `object.spec.containers.filter(c, ${grace} && (${undrained})).map(c, string(c.name))`,
    },
  ];
}

/** The entries of the lists in a pod's annotations. */
export const EXCLUSION_VARIABLES: readonly PolicyVariable[] = [
  ['inboundPorts', EXCLUDE_INBOUND_PORTS],
  ['outboundPorts', EXCLUDE_OUTBOUND_PORTS],
  ['outboundCidrs', EXCLUDE_OUTBOUND_CIDRS],
].map(([name = '', annotation = '']) => ({
  name,
  expression: `[object.metadata.?annotations[${celString(annotation)}].orValue("").trim()].map(t, t == "" ? [] : t.split(",").map(x, x.trim()))[0]`,
}));

/** What both policies know of a pod's probes; `own` containers of ours stand before the application's init containers. */
export function handlerVariables(own: number): readonly PolicyVariable[] {
  return [INITS, owners(own), HANDLERS];
}

/** What the mutating policy knows beside. */
export function mutationVariables(drainSeconds: number): readonly PolicyVariable[] {
  return [ROUTES, ...EXCLUSION_VARIABLES, ...drains(drainSeconds)];
}
