import { listOf, objectOf } from '../../build/lenient.ts';
import { SERVICE_ACCOUNT_LABEL } from '../../build/network-policy/pod-marks.ts';
import { INJECTION_STATUS, PROXY_CONTAINER } from '../../build/pod-class.ts';
import { recordedDrains, undrained } from './drain.ts';
import { withHandlers } from './handlers.ts';
import { CAPTURE_CONTAINER, DRAINED, PROXY_VOLUME } from './names.ts';
import type { ContainerShape, PodMetadata, PodShape, PodSpecShape } from './pod-shape.ts';
import { restored } from './probe-path.ts';

const OWN_CONTAINERS: ReadonlySet<string | undefined> = new Set([CAPTURE_CONTAINER, PROXY_CONTAINER]);

/** The pod as it was before injection; a pod without a proxy as it is. */
export function uninjectPod(pod: PodShape): PodShape {
  const [metadata, spec] = [objectOf(pod.metadata), objectOf(pod.spec)];
  const drains = new Set(recordedDrains(pod));
  return {
    ...pod,
    ...(metadata === undefined ? {} : { metadata: withoutMarks(metadata) }),
    ...(spec === undefined ? {} : { spec: bareSpec(spec, drains) }),
  };
}

function bareSpec(spec: PodSpecShape, drains: ReadonlySet<string>): PodSpecShape {
  const { containers, initContainers, volumes, ...rest } = spec;
  const others = othersOf(initContainers, ({ name }) => OWN_CONTAINERS.has(name));
  const otherVolumes = othersOf(volumes, ({ name }) => name === PROXY_VOLUME);
  const drainless = (each: ContainerShape): ContainerShape => (drains.has(each.name ?? '') ? undrained(each) : each);
  return {
    ...rest,
    ...(others === undefined ? {} : { initContainers: others.map(asBefore) }),
    ...(containers === undefined ? {} : { containers: listOf(containers).map((each) => asBefore(drainless(each))) }),
    ...(otherVolumes === undefined ? {} : { volumes: otherVolumes }),
  };
}

function asBefore(container: ContainerShape): ContainerShape {
  return withHandlers(container, (handler) => restored(container.name ?? '', handler));
}

/** The list without what is ours; undefined when it held nothing else, or was not there. */
function othersOf<T>(list: readonly T[] | null | undefined, isOurs: (item: T) => boolean): readonly T[] | undefined {
  const items = listOf<T>(list);
  const others = items.filter((item) => !isOurs(item));
  return list === undefined || (others.length === 0 && items.length > 0) ? undefined : others;
}

function withoutMarks(metadata: PodMetadata): PodMetadata {
  const { labels, annotations, ...rest } = metadata;
  return {
    ...rest,
    ...withoutKeys('labels', labels, [INJECTION_STATUS, SERVICE_ACCOUNT_LABEL]),
    ...withoutKeys('annotations', annotations, [DRAINED]),
  };
}

function withoutKeys(
  field: 'labels' | 'annotations',
  map: PodMetadata['labels'],
  keys: readonly string[],
): PodMetadata {
  const given = objectOf(map);
  if (given === undefined || !keys.some((key) => Object.hasOwn(given, key))) {
    return map === undefined ? {} : { [field]: map };
  }
  const others = Object.entries(given).filter(([key]) => !keys.includes(key));
  return others.length === 0 ? {} : { [field]: Object.fromEntries(others) };
}
