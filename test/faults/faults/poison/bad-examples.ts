import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionOf, FINDING_CODES, type FindingCode } from '../../../../operator/findings/index.ts';
import { type KubernetesObject, resourceKind } from '../../../../operator/framework/index.ts';
import { parseManifests } from '../../../../operator/validation/index.ts';
import { type MeshCluster, ROOT } from '../../../integration/harness/index.ts';

/** What is wrong with an object, though the API server takes it, and the objects. */
export interface BadExample {
  readonly code: FindingCode;
  /** Of its own, so that examples do not meet. */
  readonly namespace: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * The bad example of every code that only the operator finds, as the reference of findings shows it. DK2202 is refused by API servers,
 * DK2308 is found where injection says which addresses are captured, DK3001 needs a proxy that refuses, and DK4… are about the injection into pods.
 */
export function badExamples(): readonly BadExample[] {
  const isFoundLate = (code: FindingCode): boolean =>
    definitionOf(code).effect !== 'unstored' && code < 'DK3' && code !== 'DK2202' && code !== 'DK2308';
  return FINDING_CODES.filter(isFoundLate).map((code) => {
    const text = readFileSync(join(ROOT, 'test', 'golden', 'findings', code, 'bad.yaml'), 'utf8');
    const namespace = `poison-${code.toLowerCase()}`;
    const { manifests } = parseManifests(inNamespace(text, namespace));
    return {
      code,
      namespace,
      objects: manifests.map(({ object }) => moved(object as unknown as KubernetesObject, namespace)),
    };
  });
}

function inNamespace(text: string, namespace: string): string {
  return text.replaceAll('namespace: shop', `namespace: ${namespace}`).replaceAll('.shop.svc.', `.${namespace}.svc.`);
}

/** In another namespace, where the API server chooses addresses; a pod's containers have an image, as the API server wants it. */
function moved(object: KubernetesObject, namespace: string): KubernetesObject {
  const metadata = { ...object.metadata, namespace };
  if (object.spec === undefined) return { ...object, metadata };
  const given = object.spec as PodOrServiceSpec;
  const { clusterIP, containers, ...rest } = given;
  const spec = {
    ...rest,
    ...(clusterIP === 'None' ? { clusterIP } : {}),
    ...(containers === undefined ? {} : { containers: containers.map((each) => ({ image: 'x', ...each })) }),
  };
  return { ...object, metadata, spec };
}

interface PodOrServiceSpec {
  readonly clusterIP?: string;
  readonly containers?: readonly object[];
}

/** The examples whose code no status and no event in their namespace names. */
export async function unnamed(cluster: MeshCluster, examples: readonly BadExample[]): Promise<readonly BadExample[]> {
  const { items } = await cluster.api.list(resourceKind('events.k8s.io/v1', 'Event'));
  const isNamed = async ({ code, namespace, objects }: BadExample): Promise<boolean> => {
    if (items.some((event) => event.metadata.namespace === namespace && JSON.stringify(event).includes(code)))
      return true;
    const ours = objects.filter(({ apiVersion }) => apiVersion.startsWith('mesh.dot-kube.io/'));
    const statuses = await Promise.all(ours.map(async (object) => (await cluster.get(object)).status));
    return statuses.some((status) => status?.conditions?.some(({ message }) => message.includes(code)) === true);
  };
  const named = await Promise.all(examples.map(isNamed));
  return examples.filter((_, index) => named[index] !== true);
}
