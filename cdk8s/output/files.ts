import { createHash } from 'node:crypto';
import { CHART, helmChart } from './helm/chart.ts';
import { kustomizeBase } from './kustomize.ts';
import { manifestYaml, systemManifests } from './manifest.ts';
import { permissionsPage } from './permissions-table.ts';

/** Files by path, sorted. */
export type Files = ReadonlyMap<string, string>;

/** All that `npm run synth` writes, from its output folder on: plain YAML and kustomize bases, both with each way of injection, and the Helm chart. */
export function outputFiles(): Files {
  const manifests = systemManifests();
  const webhook = systemManifests({ injection: { by: 'Webhook' } });
  const cni = systemManifests({ proxy: { capture: 'cni' } });
  const standby = systemManifests({ standby: { enabled: true } });
  return sortedFiles([
    ['install.yaml', manifestYaml([...manifests.crds, ...manifests.system])],
    ['install-webhook.yaml', manifestYaml([...webhook.crds, ...webhook.system])],
    ...below('kustomize', kustomizeBase(manifests, webhook, cni, standby)),
    ...below(`helm/${CHART}`, helmChart()),
  ]);
}

/** What is committed of it, for people to read: the system, what the CNI plugin and the standby add to it, what they may do, and a hash of each file, so that no change goes unseen. */
export function committedFiles(output: Files): Files {
  const sums = [...output].map(([path, text]) => `${createHash('sha256').update(text).digest('hex')}  ${path}\n`);
  return new Map([
    ['system.yaml', output.get('kustomize/system/system.yaml') ?? ''],
    ['cni.yaml', output.get('kustomize/cni/objects.yaml') ?? ''],
    ['standby.yaml', output.get('kustomize/standby/objects.yaml') ?? ''],
    ['permissions.md', permissionsPage()],
    ['SHA256SUMS', sums.join('')],
  ]);
}

function below(folder: string, files: Files): readonly (readonly [string, string])[] {
  return [...files].map(([path, text]) => [`${folder}/${path}`, text] as const);
}

function sortedFiles(files: readonly (readonly [string, string])[]): Files {
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
