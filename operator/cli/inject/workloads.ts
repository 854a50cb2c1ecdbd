import { fieldOf, isJsonObject, type JsonObject } from '../../framework/api/json.ts';
import type { PodShape } from '../../webhooks/injection/pod-shape.ts';

/** A pod, or what makes pods, in a file. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  /** As it is written; undefined when whoever applies it says where it goes. */
  readonly namespace: string | undefined;
  readonly pod: PodShape;
  /** Where the pod is in the object: no step for a Pod, `spec`, `template` for a Deployment. */
  readonly path: readonly string[];
}

/** Where kinds have their pods that do not have them in `spec.template`. */
const PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', []],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['PodTemplate', ['template']],
]);

const TEMPLATE = ['spec', 'template'];

/**
 * The workload that an object is: a Pod, a CronJob, or anything with a template of pods in `spec.template`, as Deployments, Jobs,
 * and the kinds that others have made after them. Undefined for all else.
 */
export function workloadOf(object: JsonObject): Workload | undefined {
  const { kind, metadata } = object;
  if (typeof kind !== 'string') return undefined;
  const path = PATHS.get(kind) ?? TEMPLATE;
  const pod = path.reduce<unknown>(fieldOf, object);
  if (!isJsonObject(pod) || !Array.isArray(fieldOf(pod['spec'], 'containers'))) return undefined;
  const [name, generateName, namespace] = ['name', 'generateName', 'namespace'].map((key) => fieldOf(metadata, key));
  return {
    kind,
    name: [name, generateName].find((each) => typeof each === 'string') ?? '',
    namespace: typeof namespace === 'string' ? namespace : undefined,
    pod,
    path,
  };
}
