import type { HashKey, HeaderMatch, PathMatch, RequestMatch, ServiceRef } from '@dot-kube/proxy/model';
import type { TrafficSplit, TrafficSplitMatch, TrafficSplitSticky } from '../../api/index.ts';
import type { Derivation } from '../../framework/derive/index.ts';
import { type Aged, ageOf } from '../age.ts';
import { TRAFFIC_SPLITS } from '../collections.ts';
import { defined } from '../defined.ts';
import { durationMs } from '../duration.ts';
import { headerMatchOf } from '../header-match.ts';
import { type Labels, listOf, numberOf, objectOf, pairsOf, textOf } from '../lenient.ts';
import { withoutNulls } from '../without-nulls.ts';

/** Some endpoints of a Service. */
export interface Destination {
  readonly service: ServiceRef;
  /** Labels of the pods. Absent: all endpoints. */
  readonly labels?: Labels;
}

/** One backend of a split. */
export interface Backend extends Destination {
  readonly name: string;
  readonly weight: number;
}

/** What a TrafficSplit says, in the model's words. */
export interface SplitPart extends Aged {
  readonly root: ServiceRef;
  /** A number or a name. Absent: every port of the root. */
  readonly port?: number | string;
  readonly backends: readonly Backend[];
  /** Absent: everything is split. */
  readonly matches?: readonly RequestMatch[];
  readonly mirror?: Destination & { readonly percent: number };
  readonly sticky?: HashKey;
}

/** What the TrafficSplit `namespace/name` says, or nothing where it cannot work; the barrier behind which its status stays. */
export const splitPart: Derivation<SplitPart | undefined> = {
  name: 'splitPart',
  compute(read, key) {
    const split = withoutNulls(read.get(TRAFFIC_SPLITS, key));
    return split === undefined ? undefined : splitPartOf(split);
  },
};

function splitPartOf(split: TrafficSplit): SplitPart | undefined {
  const spec = objectOf(split.spec);
  const name = textOf(spec?.service);
  if (spec === undefined || name === undefined) return undefined;
  const root = { namespace: split.metadata.namespace ?? '', name };
  const backends = listOf(spec.backends).map((backend) => ({
    ...destinationOf(root, backend),
    name: textOf(backend.name) ?? '',
    weight: numberOf(backend.weight) ?? 1,
  }));
  if (!backends.some(({ weight }) => weight > 0)) return undefined;
  const mirror = objectOf(spec.mirror);
  return defined<SplitPart>({
    ...ageOf(split),
    root,
    port: typeof spec.port === 'string' ? textOf(spec.port) : numberOf(spec.port),
    backends,
    matches: spec.match === undefined ? undefined : matchesOf(listOf(spec.match)),
    mirror:
      mirror === undefined ? undefined : { ...destinationOf(root, mirror), percent: numberOf(mirror.percent) ?? 100 },
    sticky: stickyOf(objectOf(spec.sticky)),
  });
}

function destinationOf(root: ServiceRef, { service, labels }: { service?: string; labels?: Labels }): Destination {
  const ref = { namespace: root.namespace, name: textOf(service) ?? root.name };
  const pairs = pairsOf(labels);
  return pairs.length === 0 ? { service: ref } : { service: ref, labels: Object.fromEntries(pairs) };
}

/** A match that says nothing, or something that cannot be read, fits no request; it never becomes one that fits all. */
function matchesOf(matches: readonly TrafficSplitMatch[]): readonly RequestMatch[] {
  return matches.flatMap(({ method, path, headers }) => {
    const conditions = listOf(headers).map(headerMatchOf);
    const readable = conditions.filter((header): header is HeaderMatch => header !== undefined);
    const pathMatch = path === undefined ? undefined : pathMatchOf(path.type, path.value);
    const isUnreadable = readable.length < conditions.length || (path !== undefined && pathMatch === undefined);
    const match = defined<RequestMatch>({
      methods: textOf(method) === undefined ? undefined : [method ?? ''],
      path: pathMatch,
      headers: readable.length === 0 ? undefined : readable,
    });
    return isUnreadable || Object.keys(match).length === 0 ? [] : [match];
  });
}

function pathMatchOf(type: string, value: string): PathMatch | undefined {
  switch (type) {
    case 'Exact':
      return { kind: 'exact', value };
    case 'Prefix':
      return { kind: 'prefix', value };
    case 'Template':
      return { kind: 'template', value };
    default:
      return undefined;
  }
}

function stickyOf(sticky: TrafficSplitSticky | undefined): HashKey | undefined {
  const cookie = objectOf(sticky?.cookie);
  if (textOf(cookie?.name) !== undefined && cookie !== undefined) {
    return { kind: 'cookie', name: cookie.name, path: textOf(cookie.path) ?? '/', ttlMs: durationMs(cookie.ttl) ?? 0 };
  }
  const header = textOf(objectOf(sticky?.header)?.name);
  return header === undefined ? undefined : { kind: 'header', name: header.toLowerCase() };
}
