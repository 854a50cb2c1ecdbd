import { injectionPolicies, type InjectionSettings } from '@dot-kube/operator/webhooks';
import { injectionSettings } from '../../system/injection.ts';
import { DEFAULT_VALUES } from '../../system/values/values.ts';
import { type Manifest, objectYaml } from '../manifest.ts';
import { combinationsOf, type Dimension, templateOfVariants } from './variants.ts';

/** What the shape of the policies depends on. */
const DIMENSIONS: readonly Dimension[] = [
  { expression: '.Values.proxy.capture', values: ['nftables', 'iptables', 'cni'] },
  {
    expression: '(join "," .Values.proxy.ipFamilies)',
    values: ['ipv4', 'ipv6', 'ipv4,ipv6', 'ipv6,ipv4'],
  },
  { expression: '.Values.proxy.resources.requests', values: [true, false] },
  { expression: '.Values.proxy.resources.limits', values: [true, false] },
  { expression: '.Values.proxy.drainSeconds', values: [true, false] },
];

/** Numbers that stand for a value, and are nothing else. */
const [CONCURRENCY, DRAIN_SECONDS] = [987_654_321, 876_543_219];

/** What stands for a value of the chart in the text of a policy, which is CEL, and what takes its place. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  '"‹image›"': 'include "dot-kube.proxyImage" . | toRawJson',
  '"‹pullPolicy›"': 'toRawJson .Values.proxy.image.pullPolicy',
  '"‹logLevel›"': 'toRawJson .Values.proxy.logLevel',
  [`"${CONCURRENCY}"`]: '.Values.proxy.concurrency | int | toString | toRawJson',
  [String(DRAIN_SECONDS)]: 'int .Values.proxy.drainSeconds',
};

function settingsAt([capture, families = '', requests, limits, drains]: readonly (
  | string
  | boolean
)[]): InjectionSettings {
  const defaults = injectionSettings(DEFAULT_VALUES);
  return {
    ...defaults,
    proxyImage: '‹image›',
    imagePullPolicy: '‹pullPolicy›' as InjectionSettings['imagePullPolicy'],
    capture: capture as InjectionSettings['capture'],
    families: String(families).split(',') as unknown as InjectionSettings['families'],
    drainSeconds: drains === true ? DRAIN_SECONDS : 0,
    proxy: {
      ...defaults.proxy,
      concurrency: CONCURRENCY,
      logLevel: '‹logLevel›' as InjectionSettings['proxy']['logLevel'],
      resources: {
        requests: requests === true ? { '‹requests›': '‹quantity›' } : {},
        limits: limits === true ? { '‹limits›': '‹quantity›' } : {},
      },
    },
  };
}

/** The templates of the policies by `Kind/name`, from the line of `spec` on. Throws when a value has found no place. */
export function policyTemplates(): ReadonlyMap<string, string> {
  const texts = new Map<string, { readonly at: readonly (string | boolean)[]; readonly text: string }[]>();
  for (const at of combinationsOf(DIMENSIONS)) {
    for (const policy of injectionPolicies(settingsAt(at))) {
      const id = `${policy.kind}/${policy.metadata.name}`;
      const text = specYaml(policy as unknown as Manifest).replaceAll('{{', '{{ "{{" }}');
      texts.set(id, [...(texts.get(id) ?? []), { at, text }]);
    }
  }
  return new Map([...texts].map(([id, variants]) => [id, filled(templateOfVariants(DIMENSIONS, variants))]));
}

/** An object as YAML, from the line of `spec` on. */
export function specYaml(object: Manifest): string {
  const yaml = objectYaml(object);
  return yaml.slice(yaml.indexOf('\nspec:\n') + 1);
}

function filled(template: string): string {
  let text = template;
  for (const [mark, expression] of Object.entries(EXPRESSIONS)) text = text.replaceAll(mark, `{{ ${expression} }}`);
  for (const kind of ['requests', 'limits']) {
    const [quantities, names] = [`.Values.proxy.resources.${kind}`, `keys .Values.proxy.resources.${kind} | sortAlpha`];
    const entry = new RegExp(String.raw`^( *)"‹${kind}›": dyn\("‹quantity›"\)$`, 'gm');
    text = text
      .replaceAll(
        entry,
        `{{- range $index, $name := ${names} }}{{ if $index }},{{ end }}\n` +
          `$1{{ toRawJson $name }}: dyn({{ get $${quantities} $name | toRawJson }})\n{{- end }}`,
      )
      .replaceAll(
        `["‹${kind}›"]`,
        `[{{ range $index, $name := ${names} }}{{ if $index }}, {{ end }}{{ toRawJson $name }}{{ end }}]`,
      );
  }
  const left = /.*[‹›].*/.exec(text)?.[0] ?? [CONCURRENCY, DRAIN_SECONDS].find((mark) => text.includes(String(mark)));
  if (left !== undefined) throw new Error(`a value has no place in the policies: ${left}`);
  return text;
}
