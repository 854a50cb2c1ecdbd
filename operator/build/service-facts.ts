import { carriesHttp, type Protocol, type ServiceRef } from '@dot-kube/proxy/model';
import type { Service, ServicePort } from '../api/index.ts';
import type { Derivation, Read } from '../framework/derive/index.ts';
import { dialled } from './address.ts';
import { byAge } from './age.ts';
import { clusterIpsOf, SERVICES } from './collections.ts';
import { type Labels, listOf, numberOf, objectOf, pairsOf, textOf } from './lenient.ts';
import { protocolOf } from './protocol.ts';
import { MESH, settings } from './settings.ts';
import { serviceRefOf } from './sources.ts';
import { withoutNulls } from './without-nulls.ts';

/** What a Service says, without what the mesh makes of it. */
export interface ServiceFacts {
  readonly ref: ServiceRef;
  /** A headless Service has no address of its own; an external one stands for a DNS name and has no pods. */
  readonly kind: 'cluster-ip' | 'headless' | 'external';
  readonly selector: Labels;
  /** Its cluster IPs that are really its own, and those that an older Service has already. */
  readonly addresses: readonly string[];
  readonly taken: readonly { readonly address: string; readonly by: ServiceRef }[];
  readonly publishNotReady: boolean;
  /** Whether `trafficDistribution` asks for near endpoints. */
  readonly preferNear: boolean;
  /** Whether `sessionAffinity` keeps a client's address on one endpoint. */
  readonly clientAffinity: boolean;
  /** Sorted by port; TCP only, and of an external one HTTP only, since nothing tells other bytes that are meant for it. */
  readonly ports: readonly PortFacts[];
}

/** One port of a Service. */
export interface PortFacts {
  readonly port: number;
  /** Its place in the Service's list. */
  readonly index: number;
  /** Empty where the port has none. */
  readonly name: string;
  readonly target: number | string;
  readonly protocol: Protocol;
  readonly declared: boolean;
  /** What callers dial: `10.96.0.7:80`, `[fd00::7]:80`. */
  readonly addresses: readonly string[];
}

/** The facts of the Service `namespace/name`, or nothing where there is none. */
export const serviceFacts: Derivation<ServiceFacts | undefined> = {
  name: 'serviceFacts',
  compute(read, key) {
    const service = withoutNulls(read.get(SERVICES, key));
    return service === undefined ? undefined : factsOf(read, service, serviceRefOf(key));
  },
};

function factsOf(read: Read, service: Service, ref: ServiceRef): ServiceFacts {
  const spec = objectOf(service.spec);
  const kind = kindOf(service);
  const claimed = kind === 'cluster-ip' ? clusterIpsOf(service) : [];
  const taken = claimed.flatMap((address) => {
    const owner = ownerOf(read, address);
    return owner === undefined || isSame(owner, ref) ? [] : [{ address, by: owner }];
  });
  const addresses = claimed.filter((address) => !taken.some((other) => other.address === address));
  return {
    ref,
    kind,
    selector: Object.fromEntries(pairsOf(spec?.selector)),
    addresses,
    taken,
    publishNotReady: spec?.publishNotReadyAddresses === true,
    preferNear: textOf(spec?.trafficDistribution)?.startsWith('Prefer') === true,
    clientAffinity: spec?.sessionAffinity === 'ClientIP',
    ports: portsOf(listOf(spec?.ports), addresses).filter(
      ({ protocol }) => kind !== 'external' || carriesHttp(protocol),
    ),
  };
}

function kindOf({ spec }: Service): ServiceFacts['kind'] {
  if (spec?.type === 'ExternalName') return 'external';
  return spec?.clusterIP === 'None' || listOf(spec?.clusterIPs).includes('None') ? 'headless' : 'cluster-ip';
}

/** The API server gives an address once; files of the local mode may give it twice, which no proxy could tell apart. */
function ownerOf(read: Read, address: string): ServiceRef | undefined {
  const [oldest] = byAge(read.byIndex(SERVICES, 'address', address));
  return oldest === undefined ? undefined : { namespace: oldest.metadata.namespace ?? '', name: oldest.metadata.name };
}

function isSame(a: ServiceRef, b: ServiceRef): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function portsOf(ports: readonly ServicePort[], addresses: readonly string[]): readonly PortFacts[] {
  const found = new Map<number, PortFacts>();
  for (const [index, each] of ports.entries()) {
    const port = numberOf(each.port);
    if (port === undefined || found.has(port) || (each.protocol ?? 'TCP') !== 'TCP') continue;
    const target = typeof each.targetPort === 'string' ? textOf(each.targetPort) : numberOf(each.targetPort);
    const name = textOf(each.name) ?? '';
    found.set(port, {
      port,
      index,
      name,
      target: target ?? port,
      ...protocolOf(textOf(each.appProtocol), name),
      addresses: addresses.map((address) => dialled(address, port)),
    });
  }
  return [...found.values()].sort((a, b) => a.port - b.port);
}

/** The names by which callers call a Service, lower case. Those of a headless Service's pods have the pod in front. */
export const serviceHosts: Derivation<readonly string[]> = {
  name: 'serviceHosts',
  compute(read, key) {
    const { name, namespace } = serviceRefOf(key);
    const { clusterDomain } = read.derived(settings, MESH);
    const short = `${name}.${namespace}`;
    return [short, `${short}.svc`, `${short}.svc.${clusterDomain}`];
  },
};

/** A port as messages name it: `80 (http)`, or `80` where it has no name. */
export function portText({ port, name }: Pick<PortFacts, 'port' | 'name'>): string {
  return name === '' ? `${port}` : `${port} (${name})`;
}

/** The ports of a Service as messages list them. */
export function portsText({ ports }: ServiceFacts): string {
  return ports.length === 0 ? 'no TCP port' : ports.map(portText).join(', ');
}
