import type { IpFamily } from '@dot-kube/proxy/init';
import { ADMIN_PORT, INBOUND_PORT, OUTBOUND_PORT } from './proxy-ports.ts';
import { APPLICATION_PROBE_PORT, CAPTURE_PROBE_PORT, PROXY_PROBE_PORT } from './names.ts';

/** How pods of a mesh get their proxies: the same for all, and all that the result depends on beside the pod itself. */
export interface InjectionSettings {
  /** Image with Envoy (`/usr/local/bin/envoy`) and, unless `capture` is `cni`, the tool that captures. */
  readonly proxyImage: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /**
   * What redirects the pod's connections: an init container that runs nft, or iptables-restore of iptables-nft in a shell, or a
   * CNI plugin, with which there is no such container.
   */
  readonly capture: 'nftables' | 'iptables' | 'cni';
  /** The address families of pods, the first one that of `status.podIP`. */
  readonly families: readonly IpFamily[];
  readonly proxy: ProxySettings;
  /**
   * For so long the containers of a pod that is deleted go on before they are told to end, in seconds: until no caller sends
   * them anything any more. Containers with a preStop hook of their own, and pods whose grace period is not longer, are left
   * as they are. 0: no hooks are added.
   */
  readonly drainSeconds: number;
  /** Audience and life of the token that the proxy shows to the control plane. */
  readonly token: { readonly audience: string; readonly expirationSeconds: number };
  /** The ConfigMap in every meshed namespace with the proxy's files. */
  readonly configMap: string;
  /** Namespaces whose pods never get a proxy. */
  readonly systemNamespaces: readonly string[];
}

/** How the proxy's container is run. */
export interface ProxySettings {
  /** User and group; no container of an application may run as it. */
  readonly uid: number;
  /** Worker threads. */
  readonly concurrency: number;
  readonly logLevel: 'debug' | 'info' | 'warning' | 'error';
  readonly resources: Resources;
}

/** Requests and limits in Kubernetes' own quantities. */
export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

/** All but the image. */
export const DEFAULT_INJECTION: Omit<InjectionSettings, 'proxyImage'> = {
  imagePullPolicy: 'IfNotPresent',
  capture: 'nftables',
  families: ['ipv4'],
  proxy: {
    uid: 15_001,
    concurrency: 1,
    logLevel: 'warning',
    resources: { requests: { cpu: '20m', memory: '48Mi' }, limits: { memory: '256Mi' } },
  },
  drainSeconds: 5,
  token: { audience: 'dot-kube', expirationSeconds: 3600 },
  configMap: 'dot-kube-proxy',
  systemNamespaces: ['dot-kube-system', 'kube-node-lease', 'kube-public', 'kube-system'],
};

/** Ports of a pod that belong to its proxy. */
export const RESERVED_PORTS: readonly number[] = [
  ADMIN_PORT,
  OUTBOUND_PORT,
  INBOUND_PORT,
  APPLICATION_PROBE_PORT,
  PROXY_PROBE_PORT,
  CAPTURE_PROBE_PORT,
];

/** Ports that are never captured: the kubelet and Prometheus ask there. */
export const UNCAPTURED_PORTS: readonly string[] = [APPLICATION_PROBE_PORT, PROXY_PROBE_PORT].map(String);
