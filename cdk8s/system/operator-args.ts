import { hasStandby } from './has-standby.ts';
import { injectionSettings } from './injection.ts';
import { PORTS, STANDBY, SYSTEM_NAMESPACE, WEBHOOK_SERVICE, XDS_SERVICE } from './names.ts';
import type { SystemValues } from './values/values.ts';

/** The flags of the operator's process: see `operator/operator-flags.ts`. */
export function operatorArgs(values: SystemValues): readonly string[] {
  const service = `${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc`;
  return [
    ...proxyArgs(values),
    `--namespace=${SYSTEM_NAMESPACE}`,
    `--trust-domain=${values.trustDomain}`,
    `--cluster-domain=${values.clusterDomain}`,
    ...values.serviceCidrs.map((cidr) => `--service-cidr=${cidr}`),
    `--xds-address=:${PORTS.xds}`,
    `--xds-name=${service}`,
    `--xds-name=${service}.${values.clusterDomain}`,
    `--xds-service=${service}.${values.clusterDomain}:${PORTS.xds}`,
    `--replicas-address=:${PORTS.replicas}`,
    `--replicas-service=${XDS_SERVICE}`,
    `--health-address=:${PORTS.health}`,
    `--ca-secret=${values.certificateAuthority.secretName}`,
    `--ca-source=${values.certificateAuthority.source === 'Secret' ? 'secret' : 'self-signed'}`,
    `--certificate-lifetime=${values.certificateAuthority.certificateLifetimeSeconds}`,
    ...injectionArgs(values),
    `--log-level=${values.logLevel}`,
    // Last, as a kustomize component adds them.
    ...standbyFlags(values),
  ];
}

/** The first two flags, so that a patch of the manifest can name another image, or who captures. */
function proxyArgs(values: SystemValues): readonly string[] {
  if (values.injection.by === 'None') return [];
  const { capture, proxyImage } = injectionSettings(values);
  return [`--proxy-image=${proxyImage}`, `--proxy-capture=${capture}`];
}

/** Where proxies find the standby, if there is one, and it the operator. */
function standbyFlags(values: SystemValues): readonly string[] {
  if (!hasStandby(values)) return [];
  return [
    `--standby-service=${STANDBY}.${SYSTEM_NAMESPACE}.svc.${values.clusterDomain}:${PORTS.xds}`,
    `--standby-address=:${PORTS.snapshots}`,
  ];
}

/** What the operator has to know of injection: the policies and the webhook are made of the same. */
function injectionArgs(values: SystemValues): readonly string[] {
  const by = `--injection=${values.injection.by.toLowerCase()}`;
  if (values.injection.by === 'None') return [by];
  const { drainSeconds, families, imagePullPolicy, proxy } = injectionSettings(values);
  const { limits = {}, requests = {} } = proxy.resources;
  return [
    by,
    ...(values.injection.by === 'Webhook'
      ? [`--webhook-address=:${PORTS.webhook}`, `--webhook-name=${WEBHOOK_SERVICE}.${SYSTEM_NAMESPACE}.svc`]
      : []),
    `--proxy-pull-policy=${imagePullPolicy}`,
    `--ip-families=${families.join(',')}`,
    `--proxy-concurrency=${proxy.concurrency}`,
    `--proxy-log-level=${proxy.logLevel}`,
    `--proxy-resources=${JSON.stringify({ limits, requests })}`,
    `--drain-seconds=${drainSeconds}`,
  ];
}
