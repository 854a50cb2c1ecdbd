import { ApiError } from '../../framework/api/api-error.ts';
import { type KubernetesObject, refOf } from '../../framework/api/object.ts';
import { type Clock } from '../../framework/clock.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { adviceOn, ClusterTrouble } from '../cluster/trouble.ts';
import { applyObject, type Change } from './apply.ts';
import type { SystemObjects } from './charts.ts';
import { keeperOf } from './delivery.ts';
import { changeText } from './difference.ts';
import { type Move, moveOf, OLDEST_KUBERNETES, operatorDeployment, versionOf } from './installed-version.ts';
import { leftovers, systemObjects } from './leftovers.ts';
import { installSteps } from './order.ts';
import { isAdmission, nameOf } from './system-kinds.ts';
import { compareVersions } from './version-order.ts';
import { untilReady } from './wait.ts';

/** How to install. */
export interface InstallOptions {
  readonly cluster: Cluster;
  readonly objects: SystemObjects;
  /** Of the objects. */
  readonly version: string;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly rollBack: boolean;
  readonly forceConflicts: boolean;
  /** Install although somebody else keeps the objects, or the cluster is too old. */
  readonly force: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** What was, or would be, done. */
export interface InstallReport {
  readonly dryRun: boolean;
  readonly move: Move;
  /** The version that was there. */
  readonly from?: string;
  readonly version: string;
  readonly changes: readonly Change[];
  /** Whether everything was waited for, and is as it was applied. */
  readonly ready: boolean;
  /** From the first request to the end. */
  readonly seconds: number;
}

/** Applies the system and waits for it. Throws {@link ClusterTrouble} before anything is written where it cannot be right. */
export async function runInstall(options: InstallOptions): Promise<InstallReport> {
  const { clock, cluster, dryRun, objects, progress, signal, version, wait } = options;
  const { api } = cluster;
  const began = clock.monotonic();
  const deployment = await operatorDeployment(api);
  const from = versionOf(deployment);
  const move = moveOf(from, version);
  refuse(await objections(options, deployment, move));
  progress(titleOf(move, from, version, dryRun));

  const steps = installSteps(objects);
  const all = steps.flatMap((step) => step.objects);
  const dry = { dryRun: true, force: options.forceConflicts, signal };
  const planned = await rehearsal(all, (object) => applyObject(api, object, dry));
  const old = leftovers(await systemObjects(api, signal), all);
  const changes: Change[] = [];
  const tell = (change: Change): void => {
    changes.push(change);
    for (const line of changeLines(change, dryRun)) progress(line);
  };
  const report = (ready: boolean): InstallReport => {
    const seconds = Math.round((clock.monotonic() - began) / 100) / 10;
    return { dryRun, move, ...(from === undefined ? {} : { from }), version, changes, ready, seconds };
  };
  if (dryRun) {
    planned.forEach(tell);
    for (const { object } of old) tell({ object: nameOf(object), change: 'deleted' });
    return report(false);
  }

  const waiting = { api, clock, deadline: began + options.timeoutMs, signal, progress };
  const remove = async (which: typeof old): Promise<void> => {
    for (const { kind, object } of which) {
      await api.delete(kind, refOf(object), { signal });
      tell({ object: nameOf(object), change: 'deleted' });
    }
  };
  for (const { objects: some, title } of steps) {
    for (const object of some) tell(await applyObject(api, object, { ...dry, dryRun: false }));
    // Objects of these kinds can be made only then, so this is no choice.
    if (title === 'kinds' || title === 'namespace') await untilReady(some, waiting);
    else if (title === 'system' && wait) await untilReady(some, waiting);
  }
  await remove(old.filter(({ kind }) => isAdmission(kind)));
  // An agent takes the plugin off its node as it ends, for which it needs nothing of the rest.
  await remove(old.filter(({ kind }) => kind.kind === 'DaemonSet'));
  await remove(old.filter(({ kind }) => !isAdmission(kind) && kind.kind !== 'DaemonSet'));
  if (wait) refuse(await drifts(all, options));
  return report(wait);
}

/** Everything that speaks against it, before anything is written. */
async function objections(
  { cluster, force, rollBack, version }: InstallOptions,
  deployment: KubernetesObject | undefined,
  move: Move,
): Promise<readonly string[]> {
  const found: string[] = [];
  const { value } = await cluster.get<{ readonly gitVersion?: string }>('/version');
  const kubernetes = value.gitVersion ?? '';
  if (!force && compareVersions(kubernetes, OLDEST_KUBERNETES) < 0)
    found.push(`Kubernetes ${kubernetes}: dot-kube needs 1.34 or later; --force installs it all the same`);
  if (move === 'roll-back' && !rollBack)
    found.push(
      `dot-kube ${versionOf(deployment)} is installed, and this dotkube is of ${version}; ` +
        'take that version of dotkube, or go back on purpose with --roll-back',
    );
  const keeper = deployment === undefined ? undefined : keeperOf(deployment);
  if (!force && keeper !== undefined)
    found.push(`${keeper} keeps this installation and would undo changes: change it there, or give --force`);
  return found;
}

/** Every object on the server, without writing: what would be refused is known before anything is done. */
async function rehearsal(
  objects: readonly KubernetesObject[],
  apply: (object: KubernetesObject) => Promise<Change>,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const refusals: ApiError[] = [];
  for (const object of objects) {
    try {
      changes.push(await apply(object));
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.code === 0) throw thrown;
      refusals.push(thrown);
    }
  }
  const advice = new Set(refusals.flatMap((refusal) => adviceOn(refusal) ?? []));
  refuse([...refusals.map(({ message }) => message), ...advice], 'nothing was changed');
  return changes;
}

async function drifts(all: readonly KubernetesObject[], options: InstallOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  const { forceConflicts: force, signal } = options;
  for (const object of all) {
    const change = await applyObject(options.cluster.api, object, { dryRun: true, force, signal });
    if (change.change !== 'unchanged') lines.push(...changeLines(change, false));
  }
  return lines.length === 0 ? [] : ['somebody changes what was just applied:', ...lines];
}

function refuse(reasons: readonly string[], end?: string): void {
  if (reasons.length === 0) return;
  throw new ClusterTrouble([...reasons, ...(end === undefined ? [] : [end])].join('\n  '));
}

function titleOf(move: Move, from: string | undefined, version: string, dryRun: boolean): string {
  const verbs = { install: 'install', same: 'apply again', upgrade: 'upgrade to', 'roll-back': 'roll back to' };
  const before = from === undefined || move === 'same' ? '' : ` from ${from}`;
  return `${dryRun ? 'would ' : ''}${verbs[move]} dot-kube ${version}${before}`;
}

/** A change in words, with its fields. */
export function changeLines({ change, fields = [], object, unchecked }: Change, dryRun: boolean): readonly string[] {
  const done = dryRun ? `would be ${change}` : change;
  const known = unchecked === true ? ' (not asked: what it goes into is not there yet)' : '';
  return [
    `${object} ${change === 'unchanged' ? change : done}${known}`,
    ...fields.map((field) => `    ${changeText(field)}`),
  ];
}
