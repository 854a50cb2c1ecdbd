import { compareVersions } from '../install/version-order.ts';
import { OLDEST_KUBERNETES } from '../install/installed-version.ts';
import { type Check, failed, isInstalled, known, ok, skipped, warning } from './facts.ts';

/** A second of it is how exact the API server's clock is told. */
const SKEW_WARNING_MS = 5000;
const SKEW_FAILURE_MS = 30_000;

/** What holds for a cluster with or without dot-kube. */
export const CLUSTER_CHECKS: Readonly<Record<string, Check>> = {
  'api-reachable': ({ kubernetes, server }) =>
    'value' in kubernetes
      ? ok(`the API server at ${server} answers`)
      : failed(kubernetes.unknown, 'is the cluster up, and is this its kubeconfig? See --kubeconfig and --context'),

  'api-version': ({ kubernetes }) =>
    known(kubernetes, ({ version }) =>
      compareVersions(version, OLDEST_KUBERNETES) >= 0
        ? ok(`Kubernetes ${version}`)
        : failed(`Kubernetes ${version} is too old`, 'upgrade the cluster to 1.34 or later'),
    ),

  'clock-skew': ({ kubernetes }) =>
    known(kubernetes, ({ date, local }) => {
      if (date === undefined) return skipped('the API server does not tell its time');
      // It tells whole seconds, cut off.
      const skew = Math.max(0, Math.abs(local - date - 500) - 500);
      const text = `the clocks of this machine and of the API server are ${Math.round(skew / 1000)} s apart`;
      const fix = 'set the clocks by NTP: certificates that are valid here are not valid there';
      if (skew > SKEW_FAILURE_MS) return failed(text, fix);
      return skew > SKEW_WARNING_MS ? warning(text, fix) : ok(text);
    }),

  permissions: (facts) =>
    known(facts.permissions, (all) => {
      const missing = all.filter(({ allowed }) => !allowed).map(({ resource, verb }) => `${verb} ${resource}`);
      if (missing.length === 0) return ok('you may install and upgrade');
      const text = `to install or upgrade you lack: ${missing.join(', ')}`;
      const fix = 'ask for these rights, or name a user who has them with --context';
      return isInstalled(facts) ? warning(text, fix) : failed(text, fix);
    }),

  'injection-means': ({ policiesServed }) =>
    known(policiesServed, (served) =>
      ok(
        served
          ? 'pods get their proxies from the API server itself (MutatingAdmissionPolicy)'
          : 'pods get their proxies by webhook, as this API server serves no MutatingAdmissionPolicy',
      ),
    ),

  installed: (facts) =>
    known(facts.deployment, (deployment) =>
      deployment === undefined
        ? skipped('dot-kube is not installed: dotkube install does it')
        : ok('dot-kube is installed'),
    ),
};
