import type { EndpointSlice, Service } from '../../api/core.ts';
import { keyOfObject } from '../../framework/api/object.ts';

/** Where connections of somebody without a proxy go: from an address of theirs for a Service's port to its endpoints. */
export interface Forward {
  /** `address:port`. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
  /** The ready endpoints, sorted; those that terminate when there are no others. */
  readonly targets: readonly ForwardTarget[];
}

/** An endpoint. */
export interface ForwardTarget {
  readonly host: string;
  readonly port: number;
}

/** Every TCP port of every Service, as one caller sees them. */
export function forwardsFor(
  services: readonly Service[],
  slicesOf: (service: Service) => readonly EndpointSlice[],
  addressOf: (serviceKey: string) => string,
  portOf: (port: number) => number,
): readonly Forward[] {
  return services.flatMap((service) => {
    if (service.spec?.type === 'ExternalName') return [];
    const address = addressOf(keyOfObject(service));
    const ports = (service.spec?.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
    return ports.map(({ name = '', port }) => ({
      key: `${address}:${portOf(port)}`,
      address,
      port: portOf(port),
      targets: targetsOf(slicesOf(service), name),
    }));
  });
}

function targetsOf(slices: readonly EndpointSlice[], portName: string): readonly ForwardTarget[] {
  const found = slices.flatMap((slice) => {
    const port = slice.ports?.find(({ name }) => (name ?? '') === portName)?.port;
    return (slice.endpoints ?? []).flatMap(({ addresses, conditions }) => {
      const [host] = addresses;
      if (host === undefined || port === undefined) return [];
      return [{ host, port, ready: conditions?.ready !== false, serving: conditions?.serving !== false }];
    });
  });
  const ready = found.filter((endpoint) => endpoint.ready);
  const usable = ready.length > 0 ? ready : found.filter((endpoint) => endpoint.serving);
  return usable.map(({ host, port }) => ({ host, port })).sort((a, b) => (a.host < b.host ? -1 : 1));
}
