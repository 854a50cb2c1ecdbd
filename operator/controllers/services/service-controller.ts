import type { Service } from '../../api/index.ts';
import { definitionOf, type Finding, findingText } from '../../findings/index.ts';
import {
  type Clock,
  Controller,
  done,
  type EventRecorder,
  type Informer,
  keyOf,
  type Logger,
  type MetricsRegistry,
  refFromKey,
} from '../../framework/index.ts';

/** What the controller works with. */
export interface ServiceControllerOptions {
  readonly informer: Informer<Service>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly events: EventRecorder;
  /** What is found about the Service `namespace/name`. */
  readonly findingsOf: (key: string) => readonly Finding[];
}

/** Tells the authors of Services by events where the mesh cannot do what they say: a Service has no status of ours. */
export class ServiceController {
  readonly controller: Controller;

  constructor({ informer, clock, logger, metrics, events, findingsOf }: ServiceControllerOptions) {
    this.controller = new Controller({
      name: 'service-events',
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
      reconcile: async (request) => {
        const service = informer.store.get(keyOf(request));
        if (service !== undefined) for (const found of findingsOf(keyOf(request))) tell(events, service, found);
        return done();
      },
    });
  }

  /** What is found about the Service `namespace/name` may be different. */
  touch(key: string): void {
    this.controller.enqueue(refFromKey(key));
  }
}

function tell(events: EventRecorder, service: Service, found: Finding): void {
  events.recordOnce(service, {
    type: found.level === 'info' ? 'Normal' : 'Warning',
    reason: definitionOf(found.code).title,
    note: findingText(found),
  });
}
