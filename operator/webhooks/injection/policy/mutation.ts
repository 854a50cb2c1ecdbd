import { LONGEST_LABEL, SERVICE_ACCOUNT_LABEL } from '../../../build/network-policy/pod-marks.ts';
import { INJECTION_STATUS } from '../../../build/pod-class.ts';
import type { ProbeRoute } from '@dot-kube/proxy/bootstrap';
import { probeParts } from '@dot-kube/proxy/bootstrap';
import { captureScript } from '../capture-rules.ts';
import { meshContainers, proxyVolume, RESOURCE_KINDS, type TemplateObject } from '../containers.ts';
import { APPLICATION_PROBE_PORT, DRAINED, PROXY_VOLUME } from '../names.ts';
import { NO_OVERLAY, overlayText } from '../probe-overlay.ts';
import { type InjectionSettings, type Resources, UNCAPTURED_PORTS } from '../settings.ts';
import { type CelExpression, celConcat, celLines, celString, celValue, expression } from './cel-text.ts';
import { handlerVariables, mutationVariables, type PolicyVariable } from './variables.ts';

/** How a MutatingAdmissionPolicy injects: its variables, and the expression of its JSON patch. */
export interface PolicyMutation {
  readonly variables: readonly PolicyVariable[];
  readonly expression: string;
}

/** `injectPod` in CEL. */
export function policyMutation(settings: InjectionSettings): PolicyMutation {
  const texts = { script: expression('variables.script'), overlay: expression('variables.overlay') };
  // A variable of its own, the first one, so that a patch of the manifest can name another image.
  const image = { name: 'image', expression: celString(settings.proxyImage) };
  const own = meshContainers<CelExpression>(settings, texts).map((container) => ({
    ...container,
    image: expression('variables.image'),
  }));
  const script = settings.capture === 'cni' ? [] : [{ name: 'script', expression: scriptExpression(settings) }];
  return {
    variables: [
      image,
      ...handlerVariables(own.length),
      ...mutationVariables(settings.drainSeconds),
      ...script,
      { name: 'overlay', expression: overlayExpression(settings) },
      { name: 'account', expression: 'object.spec.?serviceAccountName.orValue("default")' },
    ],
    expression: `[
${patches(settings, own)
  .map((patch) => indented(patch))
  .join(',\n')}
].flatten()`,
  };
}

function patches(settings: InjectionSettings, own: readonly TemplateObject<CelExpression>[]): readonly string[] {
  return [
    `[JSONPatch{op: "add", path: "/spec/initContainers", value: dyn(${celValue(own)}) + dyn(variables.inits)}]`,
    ...resourcePatches(own),
    ...probePatches(),
    ...drainPatches(settings),
    `[JSONPatch{op: "add", path: "/spec/volumes", value: dyn(object.spec.?volumes.orValue([])
  .filter(v, v.name != ${celString(PROXY_VOLUME)})) + dyn(${celValue([proxyVolume(settings)])})}]`,
    `has(object.metadata.labels) ? [] : [JSONPatch{op: "add", path: "/metadata/labels", value: dyn({})}]`,
    `[JSONPatch{op: "add", path: ${keyPath('labels', INJECTION_STATUS)}, value: "injected"}]`,
    accountPatch(),
  ];
}

/** The label that tells the service account; a name too long for a label leaves none, not even one of before. */
function accountPatch(): string {
  const at = keyPath('labels', SERVICE_ACCOUNT_LABEL);
  const key = celString(SERVICE_ACCOUNT_LABEL);
  return `size(variables.account) <= ${LONGEST_LABEL} ? [JSONPatch{op: "add", path: ${at}, value: variables.account}]
  : has(object.metadata.labels) && ${key} in object.metadata.labels ? [JSONPatch{op: "remove", path: ${at}}]
  : []`;
}

/** `withOthersResources` in CEL. */
function resourcePatches(own: readonly TemplateObject<CelExpression>[]): readonly string[] {
  return own.flatMap(({ name, resources }, at) => {
    const before = `object.spec.?initContainers.orValue([]).filter(c, c.name == ${celValue(name ?? '')})`;
    return RESOURCE_KINDS.map((kind) => {
      const given = Object.keys((resources as Resources)[kind] ?? {});
      const added = `${before}.map(c, c.?resources.${kind}.orValue({}))`;
      const path = `/spec/initContainers/${at}/resources/${kind}`;
      if (given.length === 0) {
        return `${added}.filter(r, size(r) > 0).map(r, JSONPatch{op: "add", path: "${path}", value: dyn(r)})`;
      }
      const others = `r.filter(k, !(k in [${given.map(celString).join(', ')}]))`;
      const patch = `JSONPatch{op: "add", path: "${path}/" + jsonpatch.escapeKey(k), value: r[k]}`;
      return `${added}.map(r, ${others}.map(k, ${patch})).flatten()`;
    });
  });
}

/** The kubelet asks the proxy; what it asks by HTTP keeps its headers. */
function probePatches(): readonly string[] {
  const port = `JSONPatch{op: "add", path: e.at + "/httpGet/port", value: ${APPLICATION_PROBE_PORT}}`;
  const get = `{"path": dyn(e.path), "port": dyn(${APPLICATION_PROBE_PORT}), "scheme": dyn("HTTP")}`;
  return [
    `variables.handlers.filter(e, e.h.?httpGet.hasValue()).map(e, [
  JSONPatch{op: "add", path: e.at + "/httpGet/path", value: string(e.path)},
  ${port},
  JSONPatch{op: "add", path: e.at + "/httpGet/scheme", value: "HTTP"}
]).flatten()`,
    `variables.handlers.filter(e, !e.h.?httpGet.hasValue()).map(e, [
  JSONPatch{op: "remove", path: e.at + (e.h.?tcpSocket.hasValue() ? "/tcpSocket" : "/grpc")},
  JSONPatch{op: "add", path: e.at + "/httpGet", value: dyn(${get})}
]).flatten()`,
  ];
}

function drainPatches({ drainSeconds }: InjectionSettings): readonly string[] {
  const hook = celValue({ sleep: { seconds: drainSeconds } });
  const at = `"/spec/containers/" + string(object.spec.containers.map(d, d.name).indexOf(c.name)) + "/lifecycle"`;
  const annotation = keyPath('annotations', DRAINED);
  return [
    `object.spec.containers.filter(c, c.name in variables.drained).map(c, c.?lifecycle.hasValue()
  ? JSONPatch{op: "add", path: ${at} + "/preStop", value: dyn(${hook})}
  : JSONPatch{op: "add", path: ${at}, value: dyn({"preStop": dyn(${hook})})})`,
    `object.spec.containers.filter(c, c.name in variables.recorded && !(c.name in variables.drained)
  && c.?lifecycle.preStop.sleep.hasValue()).map(c, JSONPatch{op: "remove", path: ${at} + (size(c.lifecycle) == 1 ? "" : "/preStop")})`,
    `size(variables.drained) == 0 || has(object.metadata.annotations) ? []
  : [JSONPatch{op: "add", path: "/metadata/annotations", value: dyn({})}]`,
    `size(variables.drained) > 0 ? [JSONPatch{op: "add", path: ${annotation}, value: variables.drained.join(",")}]
  : object.metadata.?annotations[${celString(DRAINED)}].hasValue() ? [JSONPatch{op: "remove", path: ${annotation}}]
  : []`,
  ];
}

function keyPath(map: 'labels' | 'annotations', key: string): string {
  return celString(`/metadata/${map}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

/** `captureScript` in CEL. */
function scriptExpression(settings: InjectionSettings): string {
  const text = captureScript(settings, {
    inboundPorts: [...UNCAPTURED_PORTS, '‹inbound›'],
    outboundPorts: ['‹outbound›'],
    outboundCidrs: { ipv4: ['‹ipv4›'], ipv6: ['‹ipv6›'] },
  });
  const port = settings.capture === 'iptables' ? 'x.replace("-", ":")' : 'x';
  return celLines(text, {
    '‹inbound›': { list: 'variables.inboundPorts', item: port },
    '‹outbound›': { list: 'variables.outboundPorts', item: port },
    '‹ipv4›': { list: 'variables.outboundCidrs.filter(x, !x.contains(":"))', item: 'x' },
    '‹ipv6›': { list: 'variables.outboundCidrs.filter(x, x.contains(":"))', item: 'x' },
  });
}

/** `probeOverlay` in CEL. */
function overlayExpression(settings: InjectionSettings): string {
  const text = overlayText(settings, { routes: ['‹routes›'], filters: ['‹filters›'], clusters: ['‹clusters›'] });
  const whole = celConcat(text, {
    '"‹routes›"': `(${partsExpression('routes')}).join(",")`,
    // More of them follow, which are always there.
    '"‹filters›",': `(${partsExpression('filters')}).map(f, f + ",").join("")`,
    '"‹clusters›"': `(${partsExpression('clusters')}).join(",")`,
  });
  return `size(variables.routes) == 0 ? ${celString(NO_OVERLAY)} : ${whole}`;
}

/** A piece of the overlay for each route of a kind that has one. */
function partsExpression(part: 'routes' | 'filters' | 'clusters'): string {
  const kinds = (['http', 'https', 'tcp', 'grpc'] as const).flatMap((kind) => {
    const [piece] = probeParts(routeWithHoles(kind))[part];
    return piece === undefined ? [] : [{ kind, text: celConcat(JSON.stringify(piece), ROUTE_HOLES) }];
  });
  const wanted = `[${kinds.map(({ kind }) => celString(kind)).join(', ')}]`;
  const last = kinds.at(-1);
  const choices = kinds.slice(0, -1).map(({ kind, text }) => `r.kind == ${celString(kind)} ? ${text}\n  : `);
  return `variables.routes.filter(r, r.kind in ${wanted}).map(r, ${choices.join('')}${last?.text ?? '""'})`;
}

const ROUTE_HOLES = {
  '‹bare›?‹query›': 'r.path',
  '‹bare›': 'r.bare',
  '‹target›': 'r.target',
  '"‹port›"': 'r.port',
  '‹port›': 'r.port',
  '‹period›': 'r.period',
  '‹timeout›': 'r.timeout',
  '‹service›': 'r.service',
};

/** A route whose numbers are holes too. */
function routeWithHoles(kind: ProbeRoute['kind']): ProbeRoute {
  const holes = { path: '‹bare›?‹query›', target: '‹target›', port: '‹port›', service: '‹service›' };
  const timing = { periodSeconds: '‹period›', timeoutSeconds: '‹timeout›' };
  return { kind, ...holes, ...(kind === 'tcp' || kind === 'grpc' ? timing : {}) } as unknown as ProbeRoute;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
