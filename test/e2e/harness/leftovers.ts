import type { E2eCluster } from './cluster.ts';

interface Found {
  readonly kind: string;
  readonly metadata: object & { readonly name: string; readonly namespace?: string };
}

/** What Kubernetes keeps for an hour whatever becomes of whom it is about, and what cannot be listed in earnest. */
const TRANSIENT = /^(events(\.events\.k8s\.io)?|bindings|.*\.metrics\.k8s\.io|.*reviews\..*)$/;

/** Every object of every kind that says dot-kube anywhere in its metadata: name, labels, annotations, owners, who has written fields of it. */
export async function leftovers(cluster: E2eCluster): Promise<readonly string[]> {
  const list = await cluster.kubectl('api-resources', '--verbs=list', '-o', 'name');
  const kinds = list
    .trim()
    .split('\n')
    .filter((kind) => !TRANSIENT.test(kind));
  const which = [kinds.join(','), '-A', '--show-managed-fields'] as const;
  const { items } = await cluster.read<{ readonly items: readonly Found[] }>(...which);
  return items
    .filter(({ metadata }) => JSON.stringify(metadata).includes('dot-kube'))
    .map(({ kind, metadata: { name, namespace = '' } }) => `${kind} ${namespace}/${name}`)
    .toSorted();
}
