import { BACKDATE_MS } from '../../identity/renewal.ts';
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
const LOGS = 'kubectl -n dot-kube-system logs deployment/dot-kube-operator';

const RENEWED = `it should have been renewed by now: ${LOGS}`;

/** What holds for the certificates. All of them are renewed long before these limits. */
export const CERTIFICATE_CHECKS: Readonly<Record<string, Check>> = {
  'root-certificate': (facts) =>
    known(facts.root, (root) => {
      if (root === undefined) return failed('the mesh has no root yet: there is no Secret dot-kube-ca', LOGS);
      if ('unreadable' in root)
        return failed(
          `the Secret dot-kube-ca is no root (DK5003): ${root.unreadable}; replicas that run go on with theirs, and none can start`,
          'mend it, or delete one that the operator made, and a replica that runs puts it back',
        );
      const half = (root.notAfter - root.notBefore) / 2;
      const replace = `half of its life is over, and no other has taken its place (DK5001): put another one in its Secret if it is given, else ${LOGS}`;
      return life('the root of the mesh', root, half, facts, replace);
    }),

  'control-plane-certificate': (facts) =>
    known(facts.controlPlane, (certificate) => {
      const third = (certificate.notAfter - certificate.notBefore - BACKDATE_MS) / 3;
      return life('the certificate that proxies see', certificate, third, facts);
    }),

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
  fix: string = RENEWED,
): Omit<CheckResult, 'id'> {
  const now = 'value' in kubernetes ? (kubernetes.value.date ?? kubernetes.value.local) : 0;
  const left = notAfter - now;
  const text = `${what} is valid for ${lifeText(left)}`;
  if (left <= 0) return failed(`${what} has expired`, LOGS);
  return left <= warnMs ? warning(text, fix) : ok(text);
}
