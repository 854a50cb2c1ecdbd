import { isMeshed } from '../../build/index.ts';
import { jsonEqual } from '../../framework/api/json.ts';
import { decideInjection, type LeaveReason } from '../../webhooks/injection/decide.ts';
import { injectPod } from '../../webhooks/injection/inject-pod.ts';
import { INJECT_LABEL } from '../../webhooks/injection/names.ts';
import type { InjectionSettings } from '../../webhooks/injection/settings.ts';
import { uninjectPod } from '../../webhooks/injection/uninject-pod.ts';
import type { Outcome } from './change-files.ts';
import type { Workload } from './workloads.ts';

const REASONS: Readonly<Record<LeaveReason, string>> = {
  NotRequested: 'nobody asks for a proxy',
  OptedOut: `its pods say ${INJECT_LABEL}: disabled`,
  SystemNamespace: 'the namespace is the cluster’s or the mesh’s own',
  HostNetwork: 'its pods have the network of their node',
  Windows: 'its pods are for Windows',
  MirrorPod: 'it is the picture of a pod that runs already',
};

/** Gives the pods of a workload proxies, as if its namespace asked for them. */
export function injectWorkload(workload: Workload, namespace: string, settings: InjectionSettings): Outcome {
  const { kind, name, pod } = workload;
  const place = { name: workload.namespace ?? namespace, labels: { [INJECT_LABEL]: 'enabled' } };
  const decision = decideInjection(pod, place, settings, { kind, namespace: place.name, name });
  switch (decision.kind) {
    case 'refuse':
      return { kind: 'refused', findings: decision.findings };
    case 'leave':
      return { kind: 'left', words: `left alone: ${REASONS[decision.reason]}` };
    case 'inject': {
      const injected = injectPod(pod, settings);
      if (jsonEqual(injected, pod)) return { kind: 'left', words: 'injected already' };
      return { kind: 'changed', pod: injected, words: hasProxy(workload) ? 'injected anew' : 'injected' };
    }
  }
}

/** Takes the proxies away again. */
export function uninjectWorkload(workload: Workload): Outcome {
  if (!hasProxy(workload)) return { kind: 'left', words: 'left alone: it has no proxy' };
  return { kind: 'changed', pod: uninjectPod(workload.pod), words: 'proxy removed' };
}

function hasProxy({ pod }: Workload): boolean {
  const { metadata, spec } = pod;
  return isMeshed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: '', ...metadata }, spec } as never);
}
