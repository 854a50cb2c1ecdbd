import { stringify } from 'yaml';
import { SYSTEM_NAMESPACE, VERSION } from '../../system/names.ts';
import type { SystemValues } from '../../system/values/values.ts';
import { type Manifest, type SystemManifests, systemManifests } from '../manifest.ts';
import { templateOf } from './fill.ts';
import { COMMON_LABELS_HOLE, CONDITIONS, HOLES } from './holes.ts';
import { policyTemplates } from './injection-template.ts';
import { valuesSchema } from './values-schema.ts';
import { valuesTable, valuesYaml } from './values-text.ts';
import { combinationsOf, type Dimension, templateOfVariants, type Variant } from './variants.ts';

/** Name of the chart. */
export const CHART = 'dot-kube';

/** The oldest Kubernetes that is tested. */
const KUBE_VERSION = '>=1.34.0-0';

/** What decides which objects there are beside their own `enabled`, and what the operator may do. */
const DIMENSIONS: readonly Dimension[] = [
  { expression: '.Values.injection.by', values: ['Policy', 'Webhook', 'None'] },
  { expression: '.Values.certificateAuthority.source', values: ['SelfSigned', 'Secret'] },
];

/** Stands for the name of the Secret of the root. */
const SECRET_NAME = '‹secretName›';

/** The files of the Helm chart by path. */
export function helmChart(): ReadonlyMap<string, string> {
  const variants = combinationsOf(DIMENSIONS).map((at) => ({ at, manifests: manifestsAt(at) }));
  const [{ manifests } = { manifests: { crds: [] } }] = variants;
  return new Map([
    ['Chart.yaml', chartYaml()],
    ['README.md', readme()],
    ['values.schema.json', `${JSON.stringify(valuesSchema(), undefined, 2)}\n`],
    ['values.yaml', valuesYaml()],
    ['templates/NOTES.txt', NOTES],
    ['templates/_helpers.tpl', HELPERS],
    [
      'templates/crds.yaml',
      wrapped('.Values.crds.enabled', manifests.crds.map((crd) => templateFor(crd)).join('---\n')),
    ],
    ...systemTemplates(variants.map(({ at, manifests: { system } }) => ({ at, manifests: system }))),
  ]);
}

function manifestsAt([by, source]: Variant['at']): SystemManifests {
  return systemManifests({
    // Everything that can be there, so that every template has something to be made from.
    proxy: { capture: 'cni' },
    standby: { enabled: true },
    podMonitor: { enabled: true },
    serviceMonitor: { enabled: true },
    injection: { by: by as SystemValues['injection']['by'] },
    certificateAuthority: {
      source: source as SystemValues['certificateAuthority']['source'],
      secretName: SECRET_NAME,
    },
  });
}

/** A file for each kind. */
function systemTemplates(
  variants: readonly { readonly at: Variant['at']; readonly manifests: readonly Manifest[] }[],
): readonly (readonly [string, string])[] {
  const policies = policyTemplates();
  const samples = new Map(variants.flatMap(({ manifests }) => manifests.map((manifest) => [idOf(manifest), manifest])));
  const documents = [...samples].map(([id, sample]) => {
    const texts = variants.map(({ at, manifests }) => {
      const manifest = manifests.find((each) => idOf(each) === id);
      return { at, text: manifest && templateFor(manifest, policies.get(id)) };
    });
    const document = wrapped(CONDITIONS.get(id), templateOfVariants(DIMENSIONS, texts));
    return { kind: sample.kind, document: withSecretName(document) };
  });
  return [...Map.groupBy(documents, ({ kind }) => kind)].map(([kind, some]) => {
    const file = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    const check = kind === 'MutatingAdmissionPolicy' ? SERVES_POLICIES : '';
    return [`templates/${file}.yaml`, check + some.map(({ document }) => document).join('---\n')];
  });
}

function withSecretName(template: string): string {
  return template
    .replaceAll(`${SECRET_NAME}-state`, '{{ printf "%s-state" .Values.certificateAuthority.secretName | toJson }}')
    .replaceAll(SECRET_NAME, '{{ toJson .Values.certificateAuthority.secretName }}');
}

function idOf({ kind, metadata }: Manifest): string {
  return `${kind}/${metadata.name}`;
}

/** The template of an object. Where its `spec` is one already, that takes the place of its own. */
function templateFor(manifest: Manifest, spec?: string): string {
  const hasLabels = HOLES.some(({ object, path }) => object === idOf(manifest) && path.join('.') === 'metadata.labels');
  const template = templateOf(manifest, hasLabels ? HOLES : [...HOLES, COMMON_LABELS_HOLE]);
  return spec === undefined ? template : `${template.slice(0, template.indexOf('\nspec:\n') + 1)}${spec}`;
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

const HELPERS = `{{- /* The image of the operator. */ -}}
{{- define "dot-kube.image" -}}
{{- include "dot-kube.imageOf" (list .Values.image .Chart.AppVersion) }}
{{- end }}

{{- /* The image of proxies. */ -}}
{{- define "dot-kube.proxyImage" -}}
{{- include "dot-kube.imageOf" (list .Values.proxy.image .Chart.AppVersion) }}
{{- end }}

{{- /* An image: by digest, else by tag, else of the version of the chart. */ -}}
{{- define "dot-kube.imageOf" -}}
{{- $version := index . 1 }}
{{- with index . 0 }}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}
{{- if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $version }}{{ end }}
{{- end }}
{{- end }}
`;

/** Says what to do where the API server knows no such policies; without one (`helm template`) nobody knows. */
const SERVES_POLICIES = `{{- $isCluster := .Capabilities.APIVersions.Has "v1/Pod" }}
{{- $has := .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy" }}
{{- if and (eq .Values.injection.by "Policy") $isCluster (not $has) }}
{{- fail "this cluster does not serve MutatingAdmissionPolicy (admissionregistration.k8s.io/v1, Kubernetes 1.36): set injection.by=Webhook" }}
{{- end }}
`;

const NOTES = `The operator of dot-kube is being started in ${SYSTEM_NAMESPACE}:

  kubectl -n ${SYSTEM_NAMESPACE} rollout status deployment/dot-kube-operator
{{- if eq .Values.certificateAuthority.source "Secret" }}

It waits for the Secret {{ .Values.certificateAuthority.secretName }} with the root of the mesh: tls.crt, tls.key and ca.crt.
{{- end }}
{{- if ne .Values.injection.by "None" }}

Pods that are made from now on get a proxy in the namespaces that are labelled so:

  kubectl label namespace default mesh.dot-kube.io/inject=enabled
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

Pods get their proxies by a MutatingAdmissionPolicy. A cluster before Kubernetes 1.36 has none; there it is \`injection.by=Webhook\`, and the
operator is asked.

The operator makes the root of the mesh, and keeps it in the Secret \`dot-kube-ca\`. To give one, make a Secret of the type \`kubernetes.io/tls\`
there with a certificate authority (\`tls.crt\`, \`tls.key\`) and the roots that sign it (\`ca.crt\`), and set \`certificateAuthority.source=Secret\`.

The CustomResourceDefinitions are templates of the chart, so an upgrade of the chart upgrades them; they are kept when the chart is uninstalled,
because all policies would go with them: \`kubectl delete crd -l app.kubernetes.io/part-of=dot-kube\`.

## Values

${valuesTable()}
`;
}
