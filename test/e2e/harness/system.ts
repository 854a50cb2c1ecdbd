import { KubectlError } from '../../cluster/kubectl.ts';
import { outputFiles } from '../../../cdk8s/output/files.ts';
import { type E2eCluster, IMAGES } from './cluster.ts';
import { untilReady } from './store.ts';

/** Where the system is. */
export const SYSTEM_NAMESPACE = 'dot-kube-system';

/** What `npm run synth` writes as `install.yaml`, with the images as this cluster has them. */
export function systemYaml(cluster: E2eCluster, file = 'install.yaml'): string {
  const text = outputFiles().get(file);
  if (text === undefined) throw new Error(`npm run synth writes no ${file}`);
  return IMAGES.reduce(
    (yaml, image) => yaml.replaceAll(`dot-kube/${image}:${cluster.version}`, cluster.imageName(image)),
    text,
  );
}

/** `kubectl apply --server-side -f install.yaml`, as the README says; returns when all replicas of the operator are ready. */
export async function installSystem(cluster: E2eCluster): Promise<void> {
  const yaml = systemYaml(cluster);
  await cluster.eventually('the manifests are taken', 60, async () => {
    try {
      return await cluster.apply(yaml);
    } catch (error) {
      // A second time where the kinds were not there yet.
      if (error instanceof KubectlError && /no matches for kind|not found/i.test(error.stderr)) return undefined;
      throw error;
    }
  });
  await untilReady(cluster, SYSTEM_NAMESPACE, 2, 'app.kubernetes.io/component=operator');
}

/** `kubectl diff --server-side` of what was installed: empty when the running system is what the manifests say. */
export async function driftOf(cluster: E2eCluster, yaml = systemYaml(cluster)): Promise<string> {
  try {
    return await cluster.kubectl.input(yaml, 'diff', '--server-side', '--force-conflicts', '-f', '-');
  } catch (error) {
    // 1: there are differences, which are on standard output; more: kubectl itself failed.
    if (error instanceof KubectlError && error.exitCode === 1 && error.stdout !== '') return error.stdout;
    throw error;
  }
}
