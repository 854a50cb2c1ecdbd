import { SERVICE, type Service } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import {
  type Api,
  type Clock,
  Controller,
  done,
  type EventRecorder,
  type Informer,
  isNotFound,
  keyOf,
  type Logger,
  type MetricsRegistry,
  refFromKey,
} from '../../framework/index.ts';
import { FIELD_MANAGER } from '../status/status-reconciler.ts';
import { serviceChange } from './service-condition.ts';

/** What the controller works with. */
export interface ServiceControllerOptions {
  readonly informer: Informer<Service>;
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly events: EventRecorder;
  /** What is found about the Service `namespace/name`. */
  readonly findingsOf: (key: string) => readonly Finding[];
}

/** Tells the authors of Services, in a condition and by an event, where the mesh cannot do what they say. */
export class ServiceController {
  readonly controller: Controller;

  constructor(options: ServiceControllerOptions) {
    const { informer, clock, logger, metrics } = options;
    this.controller = new Controller({
      name: 'service-status',
      // What is there at the start, and after that only what the compiler tells of.
      sources: [
        (enqueue) => {
          for (const { metadata } of informer.store.list()) enqueue(metadata);
          return () => {};
        },
      ],
      clock,
      logger,
      metrics,
      reconcile: async (request, { signal }) => {
        await reconcile(options, keyOf(request), signal);
        return done();
      },
    });
  }

  /** What is found about the Service `namespace/name` may be different. */
  touch(key: string): void {
    this.controller.enqueue(refFromKey(key));
  }
}

async function reconcile(options: ServiceControllerOptions, key: string, signal: AbortSignal): Promise<void> {
  const { informer, api, clock, events, findingsOf } = options;
  const service = informer.store.get(key);
  if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
  const change = serviceChange(service.status?.conditions, findingsOf(key), clock.now());
  if (change === undefined) return;
  const { namespace = '', name } = service.metadata;
  const status = { conditions: change.conditions };
  const object = { apiVersion: service.apiVersion, kind: service.kind, metadata: { namespace, name }, status };
  try {
    await api.apply(SERVICE, object, { fieldManager: FIELD_MANAGER, force: true, subresource: 'status', signal });
  } catch (thrown) {
    if (isNotFound(thrown)) return;
    throw thrown;
  }
  if (change.event !== undefined) events.record(service, change.event);
}
