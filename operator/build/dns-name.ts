import { textOf } from './lenient.ts';

/** A name of a Service, or of one of its pods, as a cluster's DNS knows it. */
export interface ServiceName {
  /** `namespace/name` of the Service. */
  readonly key: string;
  /** What follows `svc.`: the Service is one of this cluster if that is the cluster's domain. */
  readonly domain: string;
}

/** Lower case, and without the dot of the root. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Reads `reviews.shop.svc.cluster.local` and `pod-0.reviews.shop.svc.cluster.local`; undefined for every other name. */
export function serviceOfName(name: string | undefined): ServiceName | undefined {
  const labels = normalName(textOf(name) ?? '').split('.');
  const svc = labels.indexOf('svc', 2);
  if (svc < 2 || svc > 3) return undefined;
  const [service, namespace] = [labels[svc - 2] ?? '', labels[svc - 1] ?? ''];
  return { key: `${namespace}/${service}`, domain: labels.slice(svc + 1).join('.') };
}
