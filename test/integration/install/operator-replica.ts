import { type OperatorProcess, startOperator } from '../harness/index.ts';
import type { Account } from './account.ts';
import { manifestsOf } from './helm-chart.ts';
import type { InstallationSite, Variant } from './installed-system.ts';

/** Flags of the Deployment that only hold in a pod: ports that others have here. */
const OF_THE_POD = /^--(xds|health|webhook|replicas)-address=/;

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
  };
}

/** The flags of the Deployment that was synthesized. */
export function flagsOf(site: InstallationSite, variant: Variant = 'install'): readonly string[] {
  const manifests = manifestsOf(site.files.get(`${variant}.yaml`) ?? '');
  const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment') as unknown as readonly Deployment[];
  return deployment?.spec.template.spec.containers[0]?.args ?? [];
}

/** Runs the operator as its Deployment does, with the token of its service account, on any free ports of loopback. */
export function startReplica(site: InstallationSite, account: Account, variant?: Variant): Promise<OperatorProcess> {
  const flags = flagsOf(site, variant);
  const elsewhere = ['webhook', 'replicas']
    .filter((name) => flags.some((flag) => flag.startsWith(`--${name}-address=`)))
    .map((name) => `--${name}-address=127.0.0.1:0`);
  return startOperator({
    kubeconfig: account.kubeconfig,
    timeoutMilliseconds: 60_000,
    flags: [...flags.filter((flag) => !OF_THE_POD.test(flag)), ...elsewhere],
  });
}
