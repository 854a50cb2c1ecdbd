import type { Namespace, Pod } from '../../api/core.ts';
import { isAlive, isMeshed } from '../../build/pod-class.ts';
import { definitionOf, type Finding, finding, findingObject, findingText } from '../../findings/index.ts';
import {
  type Clock,
  Controller,
  done,
  type EventRecorder,
  type Informer,
  type Logger,
  type MetricsRegistry,
  watches,
} from '../../framework/index.ts';
import { decideInjection } from './decide.ts';
import type { PodShape } from './pod-shape.ts';
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

/** Tells by events, once, of pods that run without a proxy where one is asked for. */
export function unmeshedPodsController(options: UnmeshedPodsOptions): Controller {
  const { clock, events, logger, metrics, namespaces, pods, settings } = options;
  return new Controller({
    name: 'unmeshed-pods',
    sources: [
      watches(pods.store),
      // A namespace begins to ask.
      watches(namespaces.store, {
        map: (change) =>
          pods.store.list().flatMap(({ metadata }) => (metadata.namespace === change.key ? metadata : [])),
      }),
    ],
    clock,
    logger,
    metrics,
    reconcile: ({ name, namespace = '' }) => {
      const pod = pods.store.get({ namespace, name });
      const found = pod && unmeshedFinding(pod, namespaces.store.get({ name: namespace }), settings());
      if (pod !== undefined && found !== undefined) {
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
