import { waitsFor } from '../install/standing.ts';
import { podTroubles } from '../install/standing.ts';
import { versionOf } from '../install/installed-version.ts';
import { compareVersions } from '../install/version-order.ts';
import { type Check, type CheckFacts, type CheckResult, failed, known, ok, warning } from './facts.ts';

const KINDS = ['authorizationpolicies', 'meshpolicies', 'trafficsplits'].map((name) => `${name}.mesh.dot-kube.io`);
const INSTALL = 'dotkube install';

/** What holds for the control plane once it is installed. */
export const SYSTEM_CHECKS: Readonly<Record<string, Check>> = {
  'kinds-established': ({ definitions }) =>
    known(definitions, (all) => {
      const wrong = KINDS.flatMap((name) => {
        const found = all.find(({ metadata }) => metadata.name === name);
        const why = found === undefined ? 'not there' : waitsFor(found);
        return why === undefined ? [] : [`${name} ${why}`];
      });
      return wrong.length === 0 ? ok('the three kinds are served') : failed(wrong.join(', '), INSTALL);
    }),

  'kinds-version': (facts) =>
    known(facts.definitions, (all) => {
      const versions = [...new Set(all.map((each) => versionOf(each) ?? 'no version'))].sort();
      return versionsMatch('the kinds are', versions, facts);
    }),

  'operator-ready': ({ deployment, operatorPods }) =>
    known(deployment, (object) => {
      const why = object === undefined ? 'not there' : waitsFor(object);
      if (why === undefined) return ok('all replicas of the operator are ready');
      const troubles = 'value' in operatorPods ? podTroubles(operatorPods.value) : [];
      const fix =
        'kubectl -n dot-kube-system describe pods; kubectl -n dot-kube-system logs deployment/dot-kube-operator';
      return failed(['the operator: ' + why, ...troubles].join('; '), fix);
    }),

  'operator-version': (facts) =>
    known(facts.deployment, (object) => versionsMatch('the operator is', [versionOf(object) ?? 'no version'], facts)),

  leader: ({ kubernetes, lease }) =>
    known(lease, (object) => {
      const { holderIdentity = '', leaseDurationSeconds = 15, renewTime = '' } = object?.spec ?? {};
      const fix = 'kubectl -n dot-kube-system logs deployment/dot-kube-operator; statuses are not written meanwhile';
      if (object === undefined || holderIdentity === '') return failed('no replica of the operator leads', fix);
      const now = 'value' in kubernetes ? (kubernetes.value.date ?? kubernetes.value.local) : Date.parse(renewTime);
      const age = Math.round((now - Date.parse(renewTime)) / 1000);
      if (age > leaseDurationSeconds) return failed(`${holderIdentity} led, and was last heard of ${age} s ago`, fix);
      if (age < -leaseDurationSeconds)
        return warning(
          `the clock of ${holderIdentity} is ${-age} s ahead of the API server's`,
          'set the clocks of the nodes by NTP',
        );
      return ok(`${holderIdentity} leads`);
    }),
};

/** Whether something is of this version, the only one or among others. */
export function versionsMatch(
  what: string,
  versions: readonly string[],
  { version }: Pick<CheckFacts, 'version'>,
): Omit<CheckResult, 'id'> {
  if (versions.every((each) => each === version)) return ok(`${what} of version ${version}`);
  const text = `${what} of version ${versions.join(', ')}, and this dotkube is of ${version}`;
  const later = versions.find((each) => compareVersions(each, version) > 0);
  return warning(text, later === undefined ? INSTALL : `take dotkube ${later}`);
}
