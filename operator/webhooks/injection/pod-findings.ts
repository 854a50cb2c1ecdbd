import { listOf } from '../../build/lenient.ts';
import { type Finding, finding, type FindingObject } from '../../findings/index.ts';
import { EXCLUSION_FORMS, wrongExclusions } from './exclusions.ts';
import { forwardedHandlers } from './handlers.ts';
import type { ContainerShape, PodShape } from './pod-shape.ts';
import { portNumber } from './probe-overlay.ts';
import { parseProbePath } from './probe-path.ts';
import { type InjectionSettings, RESERVED_PORTS } from './settings.ts';
import { uninjectPod } from './uninject-pod.ts';

/**
 * What may stand in the path of a probe, as it goes from the kubelet through the proxy without a change: characters of a URL, but
 * none with a meaning in JSON or in arguments of containers (`$`). In the syntax of RE2 too.
 */
export const PROBE_PATH_PATTERN = '^/([A-Za-z0-9._~!&()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*$';

const PROBE_PATH = new RegExp(PROBE_PATH_PATTERN);

/** A container of the application, and where it is in the pod. */
interface Owned {
  readonly container: ContainerShape;
  readonly field: string;
}

/** Why a pod cannot get a proxy; empty when it can. */
export function podFindings(pod: PodShape, settings: InjectionSettings, object: FindingObject): readonly Finding[] {
  const { metadata, spec } = uninjectPod(pod);
  const exclusions = wrongExclusions({ metadata: metadata ?? {} }).map(({ annotation, value }) =>
    finding(
      'DK4001',
      { object, field: `metadata.annotations[${annotation}]` },
      { entry: value === '' ? '""' : value, form: EXCLUSION_FORMS[annotation] },
    ),
  );
  const owned = [...ownedBy('containers', spec?.containers), ...ownedBy('initContainers', spec?.initContainers)];
  const uid = settings.proxy.uid;
  return [
    ...exclusions,
    ...owned.flatMap((each) => userFindings(each, uid, spec?.securityContext?.runAsUser, object)),
    ...owned.flatMap((each) => portFindings(each, object)),
    ...owned.flatMap((each) => probeFindings(each, object)),
  ];
}

function ownedBy(
  list: 'containers' | 'initContainers',
  containers: readonly ContainerShape[] | null | undefined,
): readonly Owned[] {
  return listOf(containers).map((container, at) => ({ container, field: `spec.${list}[${at}]` }));
}

function userFindings(
  { container, field }: Owned,
  uid: number,
  podUser: number | undefined,
  object: FindingObject,
): readonly Finding[] {
  const { name = '', securityContext } = container;
  if ((securityContext?.runAsUser ?? podUser) !== uid) return [];
  return [finding('DK4003', { object, field }, { container: name, uid })];
}

function portFindings({ container, field }: Owned, object: FindingObject): readonly Finding[] {
  const port = listOf(container.ports).find(({ containerPort = 0 }) => RESERVED_PORTS.includes(containerPort));
  return port === undefined
    ? []
    : [finding('DK4004', { object, field: `${field}.ports` }, { port: port.containerPort ?? 0 })];
}

function probeFindings({ container, field }: Owned, object: FindingObject): readonly Finding[] {
  const { name = '' } = container;
  return forwardedHandlers(container).flatMap((handler) => {
    const was = parseProbePath(name, handler.path);
    const place = { object, field: `${field}.${handler.field}` };
    if (was === undefined || !PROBE_PATH.test(handler.path)) {
      return [finding('DK4005', place, { target: handler.path })];
    }
    const port = portNumber(container, was);
    if (port === undefined) return [finding('DK4006', place, { container: name, port: was.port })];
    return RESERVED_PORTS.includes(port) ? [finding('DK4004', place, { port })] : [];
  });
}
