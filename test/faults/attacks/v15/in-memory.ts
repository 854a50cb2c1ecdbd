import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { compile } from '../../../../operator/build/testing/compile.ts';
import { endpointSlice, labels, pod, service } from '../../../../operator/build/testing/objects.ts';
import { mergedValues, setValue } from '../../../../operator/cli/install/values.ts';
import { validateSources } from '../../../../operator/cli/validate/validation.ts';
import { type KubernetesObject, jsonPatch } from '../../../../operator/framework/index.ts';
import { merge } from '../../../../operator/framework/memory/merge.ts';
import { parseManifests, validateObject } from '../../../../operator/validation/index.ts';
import { anyObjects } from '../../../gen/arbitrary-objects.ts';
import type { Seeded } from '../wire/seeded.ts';
import { poisoned, Shared } from './poison.ts';

/** What came of poisoned objects. */
export interface Poisoned {
  readonly objects: number;
  /** Of objects that everybody shares. */
  readonly pollution: readonly string[];
  /** Of what has nothing to do with them. */
  readonly differences: readonly string[];
  readonly thrown: readonly string[];
}

/** A tenant of whom nothing may change, whatever others write. */
const BYSTANDERS: readonly KubernetesObject[] = [
  service('other/a'),
  pod('other/a-0', labels({ version: 'v1' })),
  endpointSlice('other/a-1'),
];

/** Sends objects with such keys and names through all that reads objects. */
export function poison(count: number, seed: number, random: Seeded): Poisoned {
  const shared = new Shared();
  const usual = bystandersOf([]);
  const found = { objects: 0, pollution: new Set<string>(), differences: new Set<string>(), thrown: new Set<string>() };
  for (const [index, objects] of fc.sample(anyObjects, { numRuns: count, seed }).entries()) {
    const bad = objects.map((object) => poisoned(object, random) as KubernetesObject);
    found.objects += bad.length;
    const attempt = (what: string, run: () => void): void => {
      try {
        run();
      } catch (error) {
        found.thrown.add(`${what}: ${String(error).slice(0, 120)}`);
      }
      for (const change of shared.changes()) found.pollution.add(`${what}: ${change}`);
    };
    attempt('compiler', () => {
      const whole = bad.filter(
        ({ metadata }) => typeof metadata?.name === 'string' && typeof metadata.namespace === 'string',
      );
      if (bystandersOf(whole) !== usual) found.differences.add(`objects ${index}`);
    });
    attempt('validation', () => void bad.flatMap((object) => validateObject(object)));
    attempt('YAML', () => {
      const text = bad.map((object) => stringify(object)).join('---\n');
      parseManifests(text);
      validateSources([{ name: 'poison.yaml', text }]);
    });
    attempt('merging', () => bad.forEach((object, at) => void merge(objects[at], object, undefined)));
    attempt('patches', () => bad.forEach((object, at) => void jsonPatch(objects[at], object)));
    attempt('values', () => {
      const set = ['__proto__.polluted=yes', 'constructor.prototype.polluted=yes', 'a.__proto__.polluted=yes'];
      mergedValues([{ a: {} }, ...set.map((each) => setValue(each, (text) => text)), ...(bad as never[])]);
    });
  }
  return {
    objects: found.objects,
    pollution: [...found.pollution],
    differences: [...found.differences],
    thrown: [...found.thrown],
  };
}

/** What the compiler makes of the bystanders beside these, as text. */
function bystandersOf(others: readonly KubernetesObject[]): string {
  const elsewhere = others.filter(
    ({ metadata }) => metadata.namespace !== 'other' && metadata.namespace !== 'dot-kube-system',
  );
  const { services, endpoints, workloads } = compile([...BYSTANDERS, ...elsewhere]);
  const own = [services, endpoints, workloads].map((map) => [...map].filter(([key]) => key.startsWith('other/')));
  return JSON.stringify(own);
}
