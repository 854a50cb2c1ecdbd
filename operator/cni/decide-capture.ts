import { INJECTION_STATUS, PROXY_CONTAINER } from '../build/pod-class.ts';
import { listOf, objectOf } from '../build/lenient.ts';
import { captureScript } from '../webhooks/injection/capture-rules.ts';
import { exclusionsOf, wrongExclusions } from '../webhooks/injection/exclusions.ts';
import { CAPTURE_CONTAINER } from '../webhooks/injection/names.ts';
import type { PodShape } from '../webhooks/injection/pod-shape.ts';
import type { InjectionSettings } from '../webhooks/injection/settings.ts';

/** What becomes of a pod's network, and why. */
export type CaptureDecision =
  | { readonly kind: 'capture'; readonly script: string }
  | { readonly kind: 'leave'; readonly because: 'HasNoProxy' | 'CapturesByItself' }
  | { readonly kind: 'refuse'; readonly message: string };

/** Whether the connections of a pod are redirected by the plugin: those of pods with a proxy and without the container for it. */
export function decideCapture(pod: PodShape, settings: InjectionSettings): CaptureDecision {
  const names = listOf(pod.spec?.initContainers).map((container) => objectOf(container)?.['name']);
  const isInjected = objectOf(pod.metadata?.labels)?.[INJECTION_STATUS] === 'injected';
  if (!names.includes(PROXY_CONTAINER) || !isInjected) return { kind: 'leave', because: 'HasNoProxy' };
  if (names.includes(CAPTURE_CONTAINER)) return { kind: 'leave', because: 'CapturesByItself' };
  // Admission checks them; but annotations can be changed until the pod starts, and they go into a script.
  const [wrong] = wrongExclusions(pod);
  if (wrong !== undefined) {
    const { annotation, value } = wrong;
    return { kind: 'refuse', message: `the annotation ${annotation} of the pod has ${JSON.stringify(value)} in it` };
  }
  return { kind: 'capture', script: captureScript(settings, exclusionsOf(pod)) };
}
