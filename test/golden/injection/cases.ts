import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { InjectionDecision, PodNamespace } from '../../../operator/webhooks/injection/decide.ts';
import type { PodShape } from '../../../operator/webhooks/injection/pod-shape.ts';
import { DEFAULT_INJECTION, type InjectionSettings } from '../../../operator/webhooks/injection/settings.ts';

/** A pod that somebody makes, and what is to become of it: the golden set of everything that injects. */
export interface InjectionCase {
  readonly name: string;
  readonly folder: string;
  readonly pod: PodShape;
  readonly namespace: PodNamespace;
  readonly settings: InjectionSettings;
}

/** Namespaces of the cases that ask for proxies. */
const ASKING = new Set(['shop', 'kube-system']);

/** A namespace for whose pods nothing is done. */
export const REFERENCE_NAMESPACE = 'reference';

/** All of them. */
export function injectionCases(): readonly InjectionCase[] {
  return readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => caseIn(name));
}

/** The settings of a cluster, but for some of them. */
export function settingsWith(more: Partial<InjectionSettings> = {}): InjectionSettings {
  return {
    ...DEFAULT_INJECTION,
    proxyImage: 'registry.example/dot-kube/proxy:1',
    systemNamespaces: [...DEFAULT_INJECTION.systemNamespaces, REFERENCE_NAMESPACE],
    ...more,
  };
}

/** What stands in the golden file of a pod that gets no proxy. */
export function verdictText(decision: Exclude<InjectionDecision, { kind: 'inject' }>): string {
  if (decision.kind === 'leave') return `left: ${decision.reason}\n`;
  return decision.findings.map(({ code, field, message }) => `refused: ${code} ${field ?? ''}: ${message}\n`).join('');
}

function caseIn(name: string): InjectionCase {
  const folder = join(import.meta.dirname, name);
  const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
  const pod = read('pod.yaml') as PodShape;
  const namespace = pod.metadata?.namespace ?? 'default';
  const more = existsSync(join(folder, 'settings.yaml')) ? read('settings.yaml') : {};
  return {
    name: name.replaceAll('-', ' '),
    folder,
    pod,
    namespace: {
      name: namespace,
      ...(ASKING.has(namespace) ? { labels: { 'mesh.dot-kube.io/inject': 'enabled' } } : {}),
    },
    settings: settingsWith(more as Partial<InjectionSettings>),
  };
}
