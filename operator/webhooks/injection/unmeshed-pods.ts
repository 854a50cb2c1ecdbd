import type { Namespace, Pod } from '../../api/core.ts';
import { isAlive, isMeshed } from '../../build/pod-class.ts';
import { definitionOf, type Finding, finding, findingObject, findingText } from '../../findings/index.ts';
import {
  type Clock,
  Controller,
  done,
  type EventRecorder,
  gauge,
  type Informer,
  keyOf,
  labelsChanged,
  type Logger,
  type MetricsRegistry,
  type ReadonlyStore,
  watches,
} from '../../framework/index.ts';
import { decideInjection } from './decide.ts';
import type { PodShape } from './pod-shape.ts';
import { imageVersion, proxyImageOf, versionFinding } from './proxy-version.ts';
import type { InjectionSettings } from './settings.ts';

/** What is to be told of a pod without a proxy, where somebody asks for one. */
export function unmeshedFinding(
  pod: Pod,
  namespace: Namespace | undefined,
  settings: InjectionSettings,
): Finding | undefined {
  if (isMeshed(pod) || !isAlive(pod)) return undefined;
  const { labels, name = '' } = namespace?.metadata ?? {};
  const place = { name, ...(labels === undefined ? {} : { labels }) };
  const decision = decideInjection(pod as unknown as PodShape, place, settings);
  switch (decision.kind) {
    case 'leave':
      return decision.finding;
    case 'refuse':
      return decision.findings[0];
    case 'inject':
      return finding('DK4102', { object: findingObject(pod), field: 'spec.initContainers' }, {});
  }
}

/** What the controller works with. */
export interface UnmeshedPodsOptions {
  readonly pods: Informer<Pod>;
  readonly namespaces: Informer<Namespace>;
  readonly settings: () => InjectionSettings;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

/**
 * Tells by events, once, of pods that run without a proxy where one is asked for, and of those whose proxy is of another version
 * than new ones get.
 */
export function unmeshedPodsController(options: UnmeshedPodsOptions): Controller {
  const { clock, events, logger, metrics, namespaces, pods, settings } = options;
  // What was told of a pod last: pods change often, and an event that is there already is a request all the same.
  const told = new Map<string, Finding>();
  countFindings(metrics, told);
  countVersions(metrics, pods.store);
  return new Controller({
    name: 'unmeshed-pods',
    sources: [
      watches(pods.store),
      // A namespace begins to ask.
      watches(namespaces.store, {
        map: (change) =>
          pods.store.list().flatMap(({ metadata }) => (metadata.namespace === change.key ? metadata : [])),
        predicate: labelsChanged,
      }),
      () => () => told.clear(),
    ],
    clock,
    logger,
    metrics,
    reconcile: ({ name, namespace = '' }) => {
      const key = keyOf({ namespace, name });
      const pod = pods.store.get(key);
      const found = pod && podFinding(pod, namespaces.store.get({ name: namespace }), settings());
      if (pod === undefined || found === undefined) {
        told.delete(key);
      } else if (findingText(found) !== textOf(told.get(key))) {
        told.set(key, found);
        events.recordOnce(pod, {
          type: found.level === 'info' ? 'Normal' : 'Warning',
          reason: definitionOf(found.code).title,
          action: 'Inject',
          note: findingText(found),
        });
      }
      return Promise.resolve(done());
    },
  });
}

function podFinding(pod: Pod, namespace: Namespace | undefined, settings: InjectionSettings): Finding | undefined {
  if (!isAlive(pod)) return undefined;
  return versionFinding(pod, settings) ?? unmeshedFinding(pod, namespace, settings);
}

function textOf(found: Finding | undefined): string | undefined {
  return found && findingText(found);
}

function countFindings(metrics: MetricsRegistry, told: ReadonlyMap<string, Finding>): void {
  const pods: { reset(): void; inc(labels: { readonly code: string }): void } = gauge(metrics, {
    name: 'dotkube_pod_findings',
    help: 'Pods of which something is told by an event, by the code; 0 where this replica does not lead.',
    labelNames: ['code'],
    collect: (): void => {
      pods.reset();
      for (const { code } of told.values()) pods.inc({ code });
    },
  });
}

function countVersions(metrics: MetricsRegistry, store: ReadonlyStore<Pod>): void {
  const proxies: { reset(): void; inc(labels: { readonly version: string }): void } = gauge(metrics, {
    name: 'dotkube_proxies',
    help: 'Pods with a proxy, by the version of its image.',
    labelNames: ['version'],
    collect: (): void => {
      proxies.reset();
      for (const pod of store.list()) {
        const image = isMeshed(pod) && isAlive(pod) ? proxyImageOf(pod) : undefined;
        if (image !== undefined) proxies.inc({ version: imageVersion(image) });
      }
    },
  });
}
