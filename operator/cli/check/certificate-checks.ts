import { lifeText } from '../proxy-config/tables.ts';
import {
  type CertificateLife,
  type Check,
  type CheckFacts,
  type CheckResult,
  failed,
  known,
  ok,
  skipped,
  warning,
} from './facts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LOGS = 'kubectl -n dot-kube-system logs deployment/dot-kube-operator';

/** What holds for the certificates. All of them are renewed long before these limits. */
export const CERTIFICATE_CHECKS: Readonly<Record<string, Check>> = {
  'root-certificate': (facts) =>
    known(facts.root, (root) =>
      root === undefined
        ? failed('the mesh has no root yet: there is no Secret dot-kube-ca', LOGS)
        : life('the root of the mesh', root, 30 * DAY_MS, facts),
    ),

  'control-plane-certificate': (facts) =>
    known(facts.controlPlane, (certificate) => life('the certificate that proxies see', certificate, HOUR_MS, facts)),

  'webhook-bundle': (facts) =>
    known(facts.webhook, (webhooks) => {
      if (webhooks.length === 0) return skipped('injection is by no webhook');
      const without = webhooks.filter(({ bundle }) => bundle === undefined).map(({ name }) => name);
      if (without.length > 0)
        return failed(`the API server has nothing to verify ${without.join(', ')} with: no caBundle`, LOGS);
      const [first] = webhooks.flatMap(({ bundle }) => bundle ?? []).sort((a, b) => a.notAfter - b.notAfter);
      return first === undefined
        ? skipped('injection is by no webhook')
        : life("the webhook's caBundle", first, HOUR_MS, facts);
    }),

  'injection-works': ({ injection, namespaces }) => {
    if (!('value' in injection))
      return injection.code === 403
        ? skipped(`not tried: ${injection.unknown}`)
        : failed(
            `no pod that asks for a proxy can be made: ${injection.unknown}`,
            'dotkube check tells of the webhook and the operator above; ' + LOGS,
          );
    if (!injection.value)
      return failed(
        'a pod that asks for a proxy gets none',
        'is injection.by among the values None? dotkube install --set injection.by=Policy',
      );
    const asking = 'value' in namespaces ? `; ${namespaces.value.length} namespaces ask for proxies` : '';
    return ok(`a pod that asks for a proxy gets one${asking}`);
  },
};

function life(
  what: string,
  { notAfter }: CertificateLife,
  warnMs: number,
  { kubernetes }: CheckFacts,
): Omit<CheckResult, 'id'> {
  const now = 'value' in kubernetes ? (kubernetes.value.date ?? kubernetes.value.local) : 0;
  const left = notAfter - now;
  const text = `${what} is valid for ${lifeText(left)}`;
  if (left <= 0) return failed(`${what} has expired`, LOGS);
  return left < warnMs ? warning(text, `it should have been renewed by now: ${LOGS}`) : ok(text);
}
