import type { Service } from '../api/core.ts';
import { classKeyOf } from '../build/index.ts';
import type { ExplicitProxy } from '../controllers/mesh/workload-resources.ts';
import { keyOfObject } from '../framework/api/object.ts';
import type { PodAddresses } from './addresses/loopback-plan.ts';
import type { LocalPod } from './cluster/kinds.ts';
import { selects } from './cluster/pod-state.ts';
import type { Listening } from './pods/probe.ts';

/** What the listeners of one proxy are made from. */
export interface PlacementInput {
  readonly pod: LocalPod;
  readonly addresses: PodAddresses;
  readonly listening: Listening;
  readonly services: readonly Service[];
  /** The address by which the pod calls the Service `namespace/name`. */
  readonly serviceAddress: (service: string) => string;
  /** The port at which it calls a Service's port. */
  readonly servicePort: (port: number) => number;
}

/** Where a replica's proxy listens: for others at its pod's address, for its application at one address for each Service. */
export function explicitProxyOf(input: PlacementInput): ExplicitProxy {
  const { addresses, listening, pod, serviceAddress, servicePort, services } = input;
  const [first] = pod.spec?.containers?.[0]?.ports ?? [];
  const callable = services.filter(({ spec }) => spec?.type !== 'ExternalName').sort(byKey);
  return {
    proxyId: keyOfObject(pod),
    classKey: classKeyOf(pod),
    inbound: inboundPorts(pod, services).map((port) => ({
      port,
      bind: { address: addresses.pod, port },
      target: {
        address: listening.host,
        port: port === first?.containerPort ? (listening.port ?? port) : port,
      },
    })),
    outbound: callable.flatMap((service) =>
      tcpPorts(service).map(({ port }) => {
        const key = keyOfObject(service);
        return { service: key, port, bind: { address: serviceAddress(key), port: servicePort(port) } };
      }),
    ),
  };
}

/** The ports that the containers declare, and those that Services lead to without that. */
function inboundPorts(pod: LocalPod, services: readonly Service[]): readonly number[] {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const declared = [...containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports.filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP').map(({ containerPort }) => containerPort),
  );
  const own = services.filter(
    ({ metadata, spec }) => metadata.namespace === pod.metadata.namespace && selects(spec?.selector, pod),
  );
  const targets = own
    .flatMap(tcpPorts)
    .flatMap(({ port, targetPort = port }) => (typeof targetPort === 'number' ? [targetPort] : []));
  return [...new Set([...declared, ...targets])].sort((a, b) => a - b);
}

function tcpPorts({ spec }: Service) {
  return (spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
}

function byKey(a: Service, b: Service): number {
  return keyOfObject(a) < keyOfObject(b) ? -1 : 1;
}
