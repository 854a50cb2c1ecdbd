import type { EndpointSlice, Pod, Service } from '../../api/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { SERVICE_NAME_LABEL } from '../collections.ts';
import { listOf } from '../lenient.ts';
import { resolvePort } from '../pod-class.ts';
import { selects } from '../selector.ts';

/** The objects, and for each Service with a selector and no slice the one that a cluster would make of the pods with addresses. */
export function withSlices(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const pods = objects.filter((object): object is Pod => object.kind === 'Pod');
  const owned = objects.flatMap(({ kind, metadata }) =>
    kind === 'EndpointSlice' ? [`${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL]}`] : [],
  );
  const slices = objects
    .filter((object): object is Service => object.kind === 'Service')
    .filter(({ metadata }) => !owned.includes(`${metadata.namespace}/${metadata.name}`))
    .map((service) => sliceOf(service, pods));
  return [...objects, ...slices.filter(({ endpoints }) => listOf(endpoints).length > 0)];
}

function sliceOf(service: Service, pods: readonly Pod[]): EndpointSlice {
  const { namespace = '', name } = service.metadata;
  const behind = pods.filter(
    (pod) =>
      pod.metadata.namespace === namespace &&
      pod.status?.podIP !== undefined &&
      selects(service.spec?.selector, pod.metadata.labels ?? {}),
  );
  const containerPorts = listOf(behind[0]?.spec?.containers)
    .flatMap(({ ports }) => listOf(ports))
    .map(({ name: portName, containerPort }) => ({ name: portName ?? '', port: containerPort }));
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-1`, labels: { [SERVICE_NAME_LABEL]: name } },
    addressType: 'IPv4',
    ports: listOf(service.spec?.ports).flatMap(({ name: portName, port, targetPort, protocol }) => {
      const target = resolvePort(targetPort ?? port, containerPorts);
      return target === undefined ? [] : [{ name: portName ?? '', port: target, protocol: protocol ?? 'TCP' }];
    }),
    endpoints: behind.map((pod) => ({
      addresses: [pod.status?.podIP ?? ''],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', namespace, name: pod.metadata.name },
    })),
  };
}
