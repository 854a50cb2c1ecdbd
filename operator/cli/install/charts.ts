import type { KubernetesObject } from '../../framework/api/object.ts';
import { type Values, valueAt } from './values.ts';
import { UsageError } from '../command.ts';

/** The system as objects, in the order in which they can be applied. */
export interface SystemObjects {
  readonly crds: readonly KubernetesObject[];
  readonly system: readonly KubernetesObject[];
}

/** What is used of the charts. They know the operator, so the operator must not know them when it is compiled. */
export interface Charts {
  systemManifests(values: Values): SystemObjects;
  manifestYaml(objects: readonly KubernetesObject[]): string;
  valuesSchema(): object;
}

/** Loads the charts, which takes a second. */
export async function loadCharts(): Promise<Charts> {
  const name = '@dot-kube/cdk8s/system';
  try {
    return (await import(name)) as Charts;
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing || !cause.message.includes(`'@dot-kube/cdk8s'`)) throw cause;
    throw new Error(
      `the charts (${name}) are not beside this dotkube; kubectl apply --server-side -f install.yaml does the same`,
      { cause },
    );
  }
}

/** Where the values say how pods get their proxies. */
export const INJECTION_BY = ['injection', 'by'] as const;

/** The way in which pods get their proxies where nobody says it: by policy if the API server can, else by webhook. */
export function injectionValues(charts: Charts, values: Values, servesPolicies: boolean): Values {
  const known = valueAt(charts.valuesSchema(), ['properties', 'injection', 'properties', 'by']) !== undefined;
  if (!known || servesPolicies || valueAt(values, INJECTION_BY) !== undefined) return {};
  return { injection: { by: 'Webhook' } };
}

/** The objects for these values. Throws {@link UsageError} with every value that is wrong. */
export async function render(charts: Charts, values: Values): Promise<SystemObjects> {
  const { Ajv } = await import('ajv');
  const validate = new Ajv({ allErrors: true, strict: false }).compile(charts.valuesSchema());
  if (!validate(values)) {
    const wrong = (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name: unknown = (params as Readonly<Record<string, unknown>>)['additionalProperty'];
      const path = instancePath.slice(1).replaceAll('/', '.');
      return typeof name === 'string'
        ? `there is no value ${path === '' ? name : `${path}.${name}`}`
        : `${path} ${message}`;
    });
    throw new UsageError(`the values are not right: ${[...new Set(wrong)].join('; ')}`);
  }
  try {
    return charts.systemManifests(values);
  } catch (cause) {
    if (cause instanceof RangeError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
