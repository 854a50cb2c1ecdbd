import { listOf, objectOf, textOf } from '../../build/lenient.ts';
import { SERVICE_ACCOUNT_LABEL, serviceAccountLabel } from '../../build/network-policy/pod-marks.ts';
import { INJECTION_STATUS } from '../../build/pod-class.ts';
import { captureScript } from './capture-rules.ts';
import { meshContainers, proxyVolume, withOthersResources } from './containers.ts';
import { drained, drainedContainers } from './drain.ts';
import { exclusionsOf } from './exclusions.ts';
import { withHandlers } from './handlers.ts';
import { DRAINED } from './names.ts';
import type { ContainerShape, PodMetadata, PodShape, PodSpecShape } from './pod-shape.ts';
import { probeOverlay } from './probe-overlay.ts';
import { forwarded } from './probe-path.ts';
import type { InjectionSettings } from './settings.ts';
import { uninjectPod } from './uninject-pod.ts';

/**
 * The pod with its proxy. What injection did to it before is done anew, so that to inject twice is to inject once, and what
 * others added in between is taken into account. The pod is one that `decideInjection` says to inject.
 */
export function injectPod(pod: PodShape, settings: InjectionSettings): PodShape {
  const bare = uninjectPod(pod);
  const drains = drainedContainers(bare, settings);
  const metadata = withMarks(bare, drains);
  const before = listOf(pod.spec?.initContainers);
  const own = ownContainers(bare, settings).map((container) =>
    withOthersResources(
      container,
      before.find(({ name }) => name === container['name']),
    ),
  );
  return { ...bare, metadata, spec: injectedSpec(bare.spec ?? {}, own, settings, new Set(drains)) };
}

function ownContainers(bare: PodShape, settings: InjectionSettings): ReturnType<typeof meshContainers<string>> {
  const { containers, initContainers } = bare.spec ?? {};
  return meshContainers(settings, {
    script: captureScript(settings, exclusionsOf(bare)),
    overlay: probeOverlay([...listOf(containers), ...listOf(initContainers)], settings),
  });
}

function injectedSpec(
  spec: PodSpecShape,
  own: readonly ContainerShape[],
  settings: InjectionSettings,
  drains: ReadonlySet<string>,
): PodSpecShape {
  const { containers, initContainers } = spec;
  const finished = (container: ContainerShape): ContainerShape => {
    const asked = withHandlers(container, forwarded);
    return drains.has(container.name ?? '') ? drained(asked, settings.drainSeconds) : asked;
  };
  return {
    ...spec,
    initContainers: [...own, ...listOf(initContainers).map((container) => withHandlers(container, forwarded))],
    containers: listOf(containers).map(finished),
    volumes: [...listOf(spec.volumes), proxyVolume(settings)],
  };
}

function withMarks({ metadata, spec }: PodShape, drains: readonly string[]): PodMetadata {
  const annotations = objectOf(metadata?.annotations);
  const account = serviceAccountLabel(textOf(spec?.serviceAccountName) ?? 'default');
  return {
    ...metadata,
    labels: {
      ...objectOf(metadata?.labels),
      [INJECTION_STATUS]: 'injected',
      ...(account === undefined ? {} : { [SERVICE_ACCOUNT_LABEL]: account }),
    },
    ...(drains.length === 0 ? {} : { annotations: { ...annotations, [DRAINED]: drains.join(',') } }),
  };
}
