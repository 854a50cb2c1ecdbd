/** A family of IP addresses. */
export type AddressFamily = 'ipv4' | 'ipv6';

/** What holds for the whole mesh and is given at start. */
export interface MeshSettings {
  readonly trustDomain: string;
  /** `cluster.local`. */
  readonly clusterDomain: string;
  /** Where the addresses of Services are from; calls to other addresses are passed through. */
  readonly serviceCidrs: readonly string[];
  /** The families of which pods' connections are redirected to their proxies; unknown where nothing is redirected here. */
  readonly families?: readonly AddressFamily[];
}

/** Whether any connection of a proxy is over IPv6, with which a kernel may be without. */
export function hasIpv6({ serviceCidrs, families = [] }: MeshSettings): boolean {
  return families.includes('ipv6') || serviceCidrs.some((cidr) => cidr.includes(':'));
}
