import { createHash } from 'node:crypto';
import type { Service } from '../../api/core.ts';
import { keyOfObject } from '../../framework/api/object.ts';

/** Where the addresses of Services are from. Nobody binds them: they are names that stay the same between runs. */
export const SERVICE_CIDR = '10.96.0.0/16';
const ADDRESSES = 65_000;

/** The cluster IP of a Service; undefined where it has none: headless, ExternalName, not allocated yet. */
export function clusterIpOf(service: Service): string | undefined {
  const address = service.spec?.clusterIP ?? '';
  return address === '' || address === 'None' || service.spec?.type === 'ExternalName' ? undefined : address;
}

/** Addresses for the Services that need one, by `namespace/name`. The same Services have the same addresses in every run. */
export function allocateAddresses(services: readonly Service[]): ReadonlyMap<string, string> {
  const taken = new Set(services.flatMap((service) => clusterIpOf(service) ?? []));
  const allocated = new Map<string, string>();
  for (const [key, service] of services
    .map((one) => [keyOfObject(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!needsAddress(service)) continue;
    const address = freeAddress(key, taken);
    taken.add(address);
    allocated.set(key, address);
  }
  return allocated;
}

function needsAddress({ spec }: Service): boolean {
  return (spec?.clusterIP ?? '') === '' && spec?.type !== 'ExternalName';
}

function freeAddress(key: string, taken: ReadonlySet<string>): string {
  const start = createHash('sha256').update(key).digest().readUInt32BE(0) % ADDRESSES;
  for (let step = 0; step < ADDRESSES; step += 1) {
    const number = ((start + step) % ADDRESSES) + 1;
    const address = `10.96.${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  throw new Error(`no address of ${SERVICE_CIDR} is left for the Service ${key}`);
}
