import { envoyArgs } from '@dot-kube/proxy/bootstrap';
import { objectOf } from '../../build/lenient.ts';
import { PROXY_CONTAINER } from '../../build/pod-class.ts';
import {
  CAPTURE_CONTAINER,
  CAPTURE_PROBE_PORT,
  PROXY_DIRECTORY,
  PROXY_FILES,
  PROXY_PROBE_PORT,
  PROXY_VOLUME,
} from './names.ts';
import type { ContainerShape } from './pod-shape.ts';
import type { InjectionSettings, Resources } from './settings.ts';

/** JSON in which some texts are still to be found; `Text` is `string` where they are known. */
export type Template<Text> = number | boolean | string | Text | readonly Template<Text>[] | TemplateObject<Text>;

export interface TemplateObject<Text> {
  readonly [key: string]: Template<Text>;
}

/** The proxy may be late by so much before it is started anew, in seconds: the control plane may be away. */
const STARTUP_SECONDS = 600;

/** What the API server would fill in. Written out, so that an injected pod that was stored is the same when it is injected again. */
const CONTAINER_DEFAULTS = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'FallbackToLogsOnError',
};

/**
 * The proxy as a native sidecar: it starts before all containers that follow it, which wait until it has its configuration, and
 * ends after them. `overlay` is added to its start-up configuration.
 */
export function proxyContainer<Text>(settings: InjectionSettings, overlay: Text): TemplateObject<Text> {
  const { uid, concurrency, logLevel, resources } = settings.proxy;
  const args = envoyArgs({
    configPath: `${PROXY_DIRECTORY}/${PROXY_FILES.bootstrap}`,
    node: { id: '$(POD_NAMESPACE)/$(POD_NAME)', cluster: '$(POD_NAMESPACE)/$(SERVICE_ACCOUNT)' },
    concurrency,
    logLevel,
  });
  return {
    name: PROXY_CONTAINER,
    image: settings.proxyImage,
    imagePullPolicy: settings.imagePullPolicy,
    restartPolicy: 'Always',
    command: ['/usr/local/bin/envoy'],
    args: [...args, '--config-yaml', overlay],
    env: [
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      fromField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    ],
    ports: [{ name: 'dot-kube-proxy', containerPort: PROXY_PROBE_PORT, protocol: 'TCP' }],
    startupProbe: {
      httpGet: {
        path: '/ready',
        // Without the plugin on its node the pod would be unmeshed, so it never starts.
        port: settings.capture === 'cni' ? CAPTURE_PROBE_PORT : PROXY_PROBE_PORT,
        scheme: 'HTTP',
      },
      periodSeconds: 1,
      timeoutSeconds: 1,
      successThreshold: 1,
      failureThreshold: STARTUP_SECONDS,
    },
    resources: resourcesOf(resources),
    securityContext: {
      ...UNPRIVILEGED,
      capabilities: { drop: ['ALL'] },
      runAsUser: uid,
      runAsGroup: uid,
      runAsNonRoot: true,
    },
    volumeMounts: [{ name: PROXY_VOLUME, mountPath: PROXY_DIRECTORY, readOnly: true }],
    ...CONTAINER_DEFAULTS,
  };
}

/** What redirects the pod's connections before anything else runs, and may do nothing but that. */
export function captureContainer<Text>(settings: InjectionSettings, script: Text): TemplateObject<Text> {
  return {
    name: CAPTURE_CONTAINER,
    image: settings.proxyImage,
    imagePullPolicy: settings.imagePullPolicy,
    command: settings.capture === 'iptables' ? ['/bin/sh', '-ec', script] : ['/usr/sbin/nft', script],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      ...UNPRIVILEGED,
      // Root without this one capability could not, and others with it could not either.
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
    },
    ...CONTAINER_DEFAULTS,
  };
}

/** The containers of injection, in the order in which they start. */
export function meshContainers<Text>(
  settings: InjectionSettings,
  texts: { readonly script: Text; readonly overlay: Text },
): readonly TemplateObject<Text>[] {
  const proxy = proxyContainer(settings, texts.overlay);
  return settings.capture === 'cni' ? [proxy] : [captureContainer(settings, texts.script), proxy];
}

/** Both halves of what a container asks for. */
export const RESOURCE_KINDS = ['requests', 'limits'] as const;

/**
 * One of these containers with what others have added to its resources since it was injected: the defaults of a LimitRange, whose
 * own check would else refuse the pod.
 */
export function withOthersResources(
  container: TemplateObject<string>,
  before: ContainerShape | undefined,
): ContainerShape {
  const own = container['resources'] as Resources;
  const added = objectOf(before?.['resources'] as Resources | undefined);
  const kinds = RESOURCE_KINDS.map((kind) => [kind, { ...objectOf(added?.[kind]), ...own[kind] }] as const);
  const resources = Object.fromEntries(kinds.filter(([, quantities]) => Object.keys(quantities).length > 0));
  return { ...container, resources };
}

/** What the proxy reads: its ConfigMap, and a token of the pod's own service account for the control plane alone. */
export function proxyVolume({ configMap, token }: InjectionSettings): TemplateObject<never> {
  const { bootstrap, roots, tokenSecret } = PROXY_FILES;
  const items = [bootstrap, roots, tokenSecret].map((key) => ({ key, path: key }));
  const { audience, expirationSeconds } = token;
  return {
    name: PROXY_VOLUME,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { audience, expirationSeconds, path: PROXY_FILES.token } },
        { configMap: { name: configMap, items } },
      ],
    },
  };
}

/** What both containers have of the restricted Pod Security Standard. */
const UNPRIVILEGED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

function fromField(name: string, fieldPath: string): TemplateObject<never> {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

function resourcesOf({ limits, requests }: InjectionSettings['proxy']['resources']): TemplateObject<never> {
  return { ...(requests === undefined ? {} : { requests }), ...(limits === undefined ? {} : { limits }) };
}
