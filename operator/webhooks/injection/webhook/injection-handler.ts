import { findingText } from '../../../findings/index.ts';
import { type AdmissionHandler, type AdmissionVerdict, jsonPatch } from '../../../framework/webhook/index.ts';
import { decideInjection } from '../decide.ts';
import { injectPod } from '../inject-pod.ts';
import { INJECT_LABEL } from '../names.ts';
import type { PodShape } from '../pod-shape.ts';
import type { InjectionSettings } from '../settings.ts';

/**
 * Answers reviews of pods with the patch that injects. The API server asks about no pod that does not want a proxy (the selectors
 * of {@link injectionWebhook}), so all that is not left out for another reason gets one. It leaves no trace, dry run or not.
 */
export function injectionHandler(settings: () => InjectionSettings): AdmissionHandler {
  return (request): AdmissionVerdict => {
    const { kind, namespace = '', object, operation } = request;
    if (kind.kind !== 'Pod' || kind.group !== '' || operation !== 'CREATE' || object === undefined) {
      return { kind: 'allow' };
    }
    const pod = object as unknown as PodShape;
    const current = settings();
    const labels = { [INJECT_LABEL]: 'enabled' };
    const decision = decideInjection(pod, { name: namespace, labels }, current);
    switch (decision.kind) {
      case 'leave': {
        const { finding, reason } = decision;
        return {
          kind: 'allow',
          auditAnnotations: { left: reason },
          ...(finding === undefined ? {} : { warnings: [findingText(finding)] }),
        };
      }
      case 'refuse':
        return { kind: 'deny', code: 422, message: decision.findings.map(findingText).join('; ') };
      case 'inject':
        return {
          kind: 'allow',
          patch: jsonPatch(pod, injectPod(pod, current)),
          auditAnnotations: { injected: 'true' },
        };
    }
  };
}
