import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { RECORDED_CASES, type RecordedCase } from './recorded-statuses.ts';

/** The group of our kinds. */
export const GROUP = 'mesh.dot-kube.io';

/** An object of each kind. */
export const SPECS: Readonly<Record<string, object>> = {
  AuthorizationPolicy: {
    targetRefs: [{ kind: 'Service', name: 'reviews' }],
    action: 'Allow',
    rules: [{ from: [{ serviceAccounts: ['storefront'] }] }],
  },
  MeshPolicy: { targetRefs: [{ kind: 'Service', name: 'reviews' }], timeouts: { request: '2s' } },
  TrafficSplit: {
    service: 'reviews',
    backends: [
      { name: 'v1', labels: { version: 'v1' }, weight: 90 },
      { name: 'v2', labels: { version: 'v2' }, weight: 10 },
    ],
  },
};

/** The object of a kind in a state. */
export function recordedObject(kind: string, { generation, status }: RecordedCase): object {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind,
    metadata: { name: 'reviews', namespace: 'bookstore', generation },
    spec: SPECS[kind],
    ...(status === undefined ? {} : { status }),
  };
}

/** What is generated, by path from `examples/gitops` on. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const script = await readFile(join(import.meta.dirname, '../argocd/health.lua'), 'utf8');
  const kinds = Object.keys(SPECS).flatMap((kind) => [...kindFiles(kind, script)]);
  return new Map([
    ...kinds.map(([path, text]) => [`argocd/resource_customizations/${GROUP}/${path}`, text] as const),
    ['argocd/argocd-cm.yaml', configMap(eachKind(script), EACH_KIND)],
    ['argocd/argocd-cm-group.yaml', configMap(wholeGroup(script), WHOLE_GROUP)],
  ]);
}

function kindFiles(kind: string, script: string): ReadonlyMap<string, string> {
  const yaml = (value: unknown): string => stringify(value, { lineWidth: 0 });
  const inputs = RECORDED_CASES.map((each) => ({ each, inputPath: `testdata/${each.name}.yaml` }));
  return new Map([
    [`${kind}/health.lua`, script],
    [
      `${kind}/health_test.yaml`,
      yaml({ tests: inputs.map(({ each, inputPath }) => ({ healthStatus: each.health, inputPath })) }),
    ],
    ...inputs.map(({ each, inputPath }) => [`${kind}/${inputPath}`, yaml(recordedObject(kind, each))] as const),
  ]);
}

const EACH_KIND = `# Keys for argocd-cm: each kind has its own, so they stand beside whatever else is configured there.
# kubectl apply --server-side --field-manager=dot-kube-health -f argocd-cm.yaml
`;

const WHOLE_GROUP = `# The same for the whole group at once. All customizations of this form share the one key: merge it into yours.
`;

function eachKind(script: string): Readonly<Record<string, string>> {
  const entries = Object.keys(SPECS).map((kind) => [`resource.customizations.health.${GROUP}_${kind}`, script]);
  return { ...Object.fromEntries(entries), 'resource.customizations.health.argoproj.io_Application': APPLICATION };
}

function wholeGroup(script: string): Readonly<Record<string, string>> {
  return { 'resource.customizations': stringify({ [`${GROUP}/*`]: { 'health.lua': script } }, { lineWidth: 0 }) };
}

/** Without this Argo CD has no opinion of an Application, and the sync waves of an app of apps do not wait for one. */
const APPLICATION = `local health = obj.status ~= nil and obj.status.health or nil
if health == nil or health.status == nil then
  return { status = "Progressing", message = "Waiting for the first sync" }
end
return { status = health.status, message = health.message or "" }
`;

function configMap(data: Readonly<Record<string, string>>, comment: string): string {
  const labels = { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' };
  const metadata = { name: 'argocd-cm', namespace: 'argocd', labels };
  return comment + stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { lineWidth: 0 });
}
