import { PORTS, SYSTEM_NAMESPACE, XDS_SERVICE } from './names.ts';
import type { SystemValues } from './values/values.ts';

/** Where the Secret of the certificate authority is mounted. */
export const CA_DIRECTORY = '/var/run/dot-kube/ca';

/** The flags of the operator's process: see `operator/operator-flags.ts`. */
export function operatorArgs(values: SystemValues): readonly string[] {
  const service = `${XDS_SERVICE}.${SYSTEM_NAMESPACE}.svc`;
  return [
    `--namespace=${SYSTEM_NAMESPACE}`,
    `--trust-domain=${values.trustDomain}`,
    `--cluster-domain=${values.clusterDomain}`,
    ...values.serviceCidrs.map((cidr) => `--service-cidr=${cidr}`),
    `--xds-address=:${PORTS.xds}`,
    `--xds-name=${service}`,
    `--xds-name=${service}.${values.clusterDomain}`,
    `--health-address=:${PORTS.health}`,
    `--ca-file=${CA_DIRECTORY}/ca.json`,
    `--log-level=${values.logLevel}`,
  ];
}
