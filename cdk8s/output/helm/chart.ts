import { stringify } from 'yaml';
import { SYSTEM_NAMESPACE, VERSION } from '../../system/names.ts';
import { type Manifest, systemManifests } from '../manifest.ts';
import { templateOf } from './fill.ts';
import { COMMON_LABELS_HOLE, CONDITIONS, HOLES } from './holes.ts';
import { valuesSchema } from './values-schema.ts';
import { valuesTable, valuesYaml } from './values-text.ts';

/** Name of the chart. */
export const CHART = 'dot-kube';

/** The oldest Kubernetes that is tested. */
const KUBE_VERSION = '>=1.34.0-0';

/** The files of the Helm chart by path. */
export function helmChart(): ReadonlyMap<string, string> {
  // With everything in it that can be there, so that every template has something to be made from.
  const { crds, system } = systemManifests({ podMonitor: { enabled: true }, serviceMonitor: { enabled: true } });
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['README.md', readme()],
    ['values.schema.json', `${JSON.stringify(valuesSchema(), undefined, 2)}\n`],
    ['values.yaml', valuesYaml()],
    ['templates/NOTES.txt', NOTES],
    ['templates/_helpers.tpl', HELPERS],
    ['templates/crds.yaml', wrapped('.Values.crds.enabled', crds.map(templateFor).join('---\n'))],
    ...systemTemplates(system),
  ]);
}

/** A file for each kind. */
function systemTemplates(manifests: readonly Manifest[]): readonly (readonly [string, string])[] {
  const byKind = Map.groupBy(manifests, ({ kind }) => kind);
  return [...byKind].map(([kind, some]) => {
    const file = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    const documents = some.map((manifest) => wrapped(conditionOf(manifest), templateFor(manifest)));
    return [`templates/${file}.yaml`, documents.join('---\n')];
  });
}

function conditionOf({ kind, metadata }: Manifest): string | undefined {
  return CONDITIONS.get(`${kind}/${metadata.name}`);
}

function templateFor(manifest: Manifest): string {
  const id = `${manifest.kind}/${manifest.metadata.name}`;
  const hasLabels = HOLES.some(({ object, path }) => object === id && path.join('.') === 'metadata.labels');
  return templateOf(manifest, hasLabels ? HOLES : [...HOLES, COMMON_LABELS_HOLE]);
}

function wrapped(condition: string | undefined, template: string): string {
  return condition === undefined ? template : `{{- if ${condition} }}\n${template}{{- end }}\n`;
}

function chartYaml(): string {
  return stringify({
    apiVersion: 'v2',
    name: CHART,
    description: 'A service mesh for Kubernetes whose status is the truth.',
    type: 'application',
    version: VERSION,
    appVersion: VERSION,
    kubeVersion: KUBE_VERSION,
    keywords: ['service mesh', 'envoy', 'mtls', 'gitops'],
    annotations: { 'artifacthub.io/license': 'Apache-2.0', 'artifacthub.io/operator': 'true' },
  });
}

const HELPERS = `{{- /* The image of the operator: by digest, else by tag, else of the version of the chart. */ -}}
{{- define "dot-kube.image" -}}
{{- with .Values.image }}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}
`;

const NOTES = `The operator of dot-kube is being started in ${SYSTEM_NAMESPACE}:

  kubectl -n ${SYSTEM_NAMESPACE} rollout status deployment/dot-kube-operator
{{- if eq .Values.certificateAuthority.source "Secret" }}

Its pods wait for the Secret {{ .Values.certificateAuthority.secretName }} with the root of the mesh; see the chart's README.
{{- end }}

What is in force, on how many proxies:

  kubectl get mesh -A
`;

function readme(): string {
  return `# dot-kube

A service mesh for Kubernetes whose status is the truth. The chart installs the operator and the kinds MeshPolicy, TrafficSplit and
AuthorizationPolicy. It is made from the constructs of \`@dot-kube/cdk8s\`, and renders to the same objects as they.

## Installing

The mesh lives in the namespace \`${SYSTEM_NAMESPACE}\`, which the chart makes, so Helm's own record of the release has to be in another one:

\`\`\`sh
helm install ${CHART} ./${CHART} --namespace kube-system
\`\`\`

With \`namespace.create=false\` it can be in \`${SYSTEM_NAMESPACE}\` too, if that was made before.

The operator's pods wait for a Secret with the root certificate of the mesh and its key:

\`\`\`sh
kubectl -n ${SYSTEM_NAMESPACE} create secret generic dot-kube-ca --from-file=ca.json
\`\`\`

\`ca.json\` is what the operator writes to \`--ca-file\` when it runs outside of a cluster and there is none yet. The Secret is mounted read-only: the
operator cannot change the root in it. To try things out without one: \`certificateAuthority.source=Ephemeral\` with \`replicas=1\`.

The CustomResourceDefinitions are templates of the chart, so an upgrade of the chart upgrades them; they are kept when the chart is uninstalled,
because all policies would go with them: \`kubectl delete crd -l app.kubernetes.io/part-of=dot-kube\`.

## Values

${valuesTable()}
`;
}
