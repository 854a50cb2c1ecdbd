import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Files, outputFiles } from '../../../cdk8s/output/files.ts';
import { systemClock } from '../../../operator/framework/index.ts';
import { CertificateAuthority, FileCaStore } from '../../../operator/identity/index.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import type { KubernetesRelease } from '../../tools/kube-binaries.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { type AuditLog, auditLogOf } from './audit-log.ts';

/** Who the operator is. */
export const OPERATOR_USER = 'system:serviceaccount:dot-kube-system:dot-kube-operator';

/** A real API server, and what `npm run synth` writes as files. */
export interface InstallationSite extends AsyncDisposable {
  readonly cluster: ControlPlane;
  /** What the operator asks of the API server. */
  readonly audit: AuditLog;
  /** What was synthesized, by path. */
  readonly files: Files;
  /** Path of such a file. */
  readonly path: (file: string) => string;
  /** Path of a root as the Secret of the system has it. */
  readonly caFile: string;
}

/** Starts an API server with nothing in it. */
export async function openSite(release: KubernetesRelease = 'newest'): Promise<InstallationSite> {
  await using scope = new AsyncDisposableStack();
  const directory = await scratchDirectory('install');
  scope.defer(() => rm(directory, { recursive: true, force: true }));
  const files = outputFiles();
  const path = (file: string): string => join(directory, 'dist', file);
  for (const [file, text] of files) {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), text);
  }
  const caFile = join(directory, 'ca.json');
  const store = new FileCaStore(caFile);
  await CertificateAuthority.open({ store, trustDomain: 'cluster.local', clock: systemClock });
  const audit = await auditLogOf(OPERATOR_USER, directory);
  const cluster = scope.use(await startControlPlane({ release, apiServerArgs: audit.apiServerArgs }));
  const owned = scope.move();
  return { cluster, audit, files, path, caFile, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Which of the plain manifests: with injection by policies, or by a webhook. */
export type Variant = 'install' | 'install-webhook';

/** `kubectl apply --server-side` of everything, the kinds first. */
export async function install(
  { cluster: { kubectl }, path }: InstallationSite,
  variant: Variant = 'install',
): Promise<void> {
  await kubectl('apply', '--server-side', '-f', path('kustomize/crds/crds.yaml'));
  const crds = ['crd', '-l', 'app.kubernetes.io/part-of=dot-kube'];
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', ...crds);
  await kubectl('apply', '--server-side', '-f', path(`${variant}.yaml`));
}
