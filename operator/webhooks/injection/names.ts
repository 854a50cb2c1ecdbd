/** On a namespace, `enabled` gives its pods proxies; on a pod, `enabled` or `disabled` says so for this pod alone. */
export const INJECT_LABEL = 'mesh.dot-kube.io/inject';

/** Annotations with which a pod leaves connections out. */
export { EXCLUDE_INBOUND_PORTS } from '../../build/network-policy/pod-marks.ts';
export const EXCLUDE_OUTBOUND_PORTS = 'mesh.dot-kube.io/exclude-outbound-ports';
export const EXCLUDE_OUTBOUND_CIDRS = 'mesh.dot-kube.io/exclude-outbound-cidrs';

/** Annotation of an injected pod: the containers that were given a preStop hook, with commas between. */
export const DRAINED = 'mesh.dot-kube.io/drained';

/** The init container that redirects the pod's connections. */
export const CAPTURE_CONTAINER = 'dot-kube-init';

/** The volume with what the proxy reads, and where it is; see {@link PROXY_FILES}. */
export const PROXY_VOLUME = 'dot-kube-proxy';
export const PROXY_DIRECTORY = '/var/run/dot-kube';

/** The files in {@link PROXY_DIRECTORY}; all but the token are keys of the ConfigMap. */
export const PROXY_FILES = {
  bootstrap: 'bootstrap.json',
  roots: 'roots.json',
  tokenSecret: 'token.json',
  token: 'token',
} as const;

/** Where the proxy answers probes that are meant for the application. */
export const APPLICATION_PROBE_PORT = 15_020;
/** Where the proxy says that it is ready, and shows its metrics. */
export const PROXY_PROBE_PORT = 15_021;
/** With a CNI plugin, leads to {@link PROXY_PROBE_PORT} while the pod's connections are captured, and nowhere else. */
export const CAPTURE_PROBE_PORT = 15_022;
