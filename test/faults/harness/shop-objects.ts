import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { sliceObject } from '../../integration/harness/index.ts';

/** The namespace of the mesh that faults are injected in. */
export const SHOP = 'shop';

/** A Service of the shop; its one port is 80. */
export interface ShopService {
  readonly name: string;
  /** Which pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** Default: `http`. */
  readonly protocol?: 'http' | 'h2c';
}

/** Where applications listen, by what they speak. */
const TARGET = { http: 8080, h2c: 8081 } as const;
const APP_PROTOCOL = { http: 'http', h2c: 'kubernetes.io/h2c' } as const;

/** A Service as it is applied; the API server gives it its address. */
export function serviceObject({ name, selector, protocol = 'http' }: ShopService): KubernetesObject {
  const port = { name: protocol, port: 80, targetPort: TARGET[protocol], appProtocol: APP_PROTOCOL[protocol] };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: SHOP, name },
    spec: { selector, ports: [port] },
  };
}

/** Its endpoints: these pods. */
export function sliceOf(
  { name, protocol = 'http' }: ShopService,
  pods: readonly { readonly name: string; readonly ip: string }[],
): KubernetesObject {
  return sliceObject(SHOP, name, pods, { name: protocol, port: TARGET[protocol] });
}

/** One of our kinds, in the shop. */
export function policy(
  kind: 'MeshPolicy' | 'TrafficSplit' | 'AuthorizationPolicy',
  name: string,
  spec: unknown,
): KubernetesObject & { readonly spec: unknown } {
  return { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind, metadata: { namespace: SHOP, name }, spec };
}
