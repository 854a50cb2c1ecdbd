import { App, type Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { CrdsChart } from '../system/crds-chart.ts';
import { SystemChart } from '../system/system-chart.ts';
import { mergeValues } from '../system/values/merge.ts';
import { DEFAULT_VALUES, type SystemOverrides } from '../system/values/values.ts';

/** An object as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The system as objects, in the order in which they can be applied. */
export interface SystemManifests {
  readonly crds: readonly Manifest[];
  readonly system: readonly Manifest[];
}

/** Synthesizes the system with these values. Throws for values that contradict each other. */
export function systemManifests(overrides?: SystemOverrides): SystemManifests {
  const app = new App();
  const { crds } = mergeValues(DEFAULT_VALUES, overrides);
  return {
    crds: crds.enabled ? manifestsOf(new CrdsChart(app, 'crds', overrides)) : [],
    system: manifestsOf(new SystemChart(app, 'system', overrides)),
  };
}

function manifestsOf(chart: Chart): readonly Manifest[] {
  return chart.toJson() as readonly Manifest[];
}

/** YAML documents; the same bytes for the same objects, whatever the order of their fields. */
export function manifestYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => objectYaml(manifest)).join('---\n');
}

/** One object as YAML: what it is first, then all fields by name. */
export function objectYaml({ apiVersion, kind, metadata, ...rest }: Manifest): string {
  const ordered = { apiVersion, kind, metadata: sorted(metadata), ...(sorted(rest) as object) };
  // kubectl and Helm read YAML 1.1, to which Off is a boolean.
  return stringify(ordered, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
}

/** The same with the fields of all objects in it by name. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, field]) => [name, sorted(field)]));
}
