/**
 * Which connections of a pod go through its proxy. All else (UDP, ICMP, loopback) is left alone. What the proxy itself sends to
 * the pod's own address, as to one of a Service's, comes in as from others; but not what it hands to the application, which it
 * does to or from a loopback address.
 */
export interface Capture {
  /** The user that the proxy runs as: what it sends is not taken again. */
  readonly proxyUid: number;
  /** Where the proxy takes what others send to the pod. */
  readonly inboundPort: number;
  /** Where the proxy takes what the pod sends to others. */
  readonly outboundPort: number;
  /** Each gets rules of its own; a family that is not named passes the proxy by. */
  readonly families: readonly IpFamily[];
  readonly exclusions: CaptureExclusions;
  /** A port of the pod that leads to another one of the proxy's while the rules are there, and nowhere without them: whoever connects to it knows. */
  readonly verification?: { readonly port: number; readonly target: number };
}

/** An address family. */
export type IpFamily = 'ipv4' | 'ipv6';

/**
 * What passes the proxy by. Ports are numbers or ranges (`8080`, `9000-9100`) and CIDRs are blocks or addresses, as text that was
 * checked before: it goes into the rules as it is.
 */
export interface CaptureExclusions {
  /** Ports of the pod. */
  readonly inboundPorts: readonly string[];
  /** Ports of others. */
  readonly outboundPorts: readonly string[];
  /** Addresses of others, by family. */
  readonly outboundCidrs: Readonly<Record<IpFamily, readonly string[]>>;
}

/** Resolving names is left alone over TCP too. */
export const DNS_PORT = '53';

/** The same of every family. */
export interface FamilyCapture extends Omit<Capture, 'families' | 'exclusions'> {
  readonly inboundPorts: readonly string[];
  readonly outboundPorts: readonly string[];
  readonly outboundCidrs: readonly string[];
}

/** What the rules of one family are made of. */
export function captureOf(family: IpFamily, capture: Capture): FamilyCapture {
  const { inboundPort, outboundPort, proxyUid, verification } = capture;
  const { inboundPorts, outboundCidrs, outboundPorts } = capture.exclusions;
  return {
    proxyUid,
    inboundPort,
    outboundPort,
    inboundPorts,
    outboundPorts: [DNS_PORT, ...outboundPorts],
    outboundCidrs: outboundCidrs[family],
    ...(verification === undefined ? {} : { verification }),
  };
}
