import type { PodStatus } from '../../api/core.ts';
import type { Condition } from '../../framework/status/conditions.ts';
import { type ConditionInput, setConditions } from '../../framework/status/conditions.ts';
import type { ApplicationState } from './application.ts';

/** What a pod's status is made from. */
export interface PodStatusInput {
  readonly podIp: string;
  /** By the name of the container. */
  readonly containers: ReadonlyMap<string, ApplicationState>;
  /** Why its proxy cannot take traffic; undefined when it can, or when there is none. */
  readonly proxyWaitsFor: string | undefined;
  readonly before: PodStatus | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The status of a pod, as the kubelet writes it. */
export function podStatusFor(input: PodStatusInput): PodStatus & Readonly<Record<string, unknown>> {
  const { before, containers, now, podIp, proxyWaitsFor } = input;
  const states = [...containers];
  const waiting = states.filter(([, state]) => !state.ready);
  const containersReady = states.length > 0 && waiting.length === 0;
  const why = [
    ...waiting.map(([name, state]) => `${name}: ${state.why}`),
    ...(proxyWaitsFor === undefined ? [] : [proxyWaitsFor]),
  ];
  const ready = containersReady && proxyWaitsFor === undefined;
  const inputs: ConditionInput[] = [
    { type: 'PodScheduled', status: 'True', reason: 'Scheduled' },
    condition('ContainersReady', containersReady, why),
    condition('Ready', ready, why),
  ];
  return {
    phase: states.some(([, state]) => state.running) ? 'Running' : 'Pending',
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    hostIP: '127.0.0.1',
    conditions: setConditions(before?.conditions as readonly Condition[] | undefined, inputs, {
      generation: undefined,
      now,
    }),
    containerStatuses: states.map(([name, state]) => ({
      name,
      ready: state.ready,
      restartCount: state.restarts,
      started: state.running,
    })),
  };
}

function condition(type: string, holds: boolean, why: readonly string[]): ConditionInput {
  return holds
    ? { type, status: 'True', reason: 'Ready' }
    : { type, status: 'False', reason: 'ContainersNotReady', message: why.join('; ') };
}
