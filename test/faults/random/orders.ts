import { randomPolicy, randomSet } from '../../gen/random-sets.ts';
import { randomCoreObject } from '../../gen/random-objects.ts';
import { Chance } from '../../integration/validation/schema-samples.ts';
import { keyOfObject, type KubernetesObject } from '../../../operator/framework/index.ts';
import { Compiler } from './compiler.ts';

/** The objects of several random sets, each once. */
export function bigSet(seed: number, sets: number): readonly KubernetesObject[] {
  const all = Array.from({ length: sets }, (_, index) => randomSet(seed * 1000 + index)).flat();
  return [...new Map(all.map((object) => [idOf(object), object])).values()];
}

/** What the objects come to when they are there from the start. */
export function atOnce(objects: readonly KubernetesObject[]): readonly string[] {
  const compiler = new Compiler();
  compiler.update(objects);
  return compiler.resources();
}

/**
 * What they come to when they arrive in a random order, a few at a time, some of them as something else before, or gone for a while,
 * and strangers come and go.
 */
export function inRandomOrder(objects: readonly KubernetesObject[], seed: number): readonly string[] {
  const chance = new Chance(seed);
  const compiler = new Compiler();
  const wanted = new Map(objects.map((object) => [idOf(object), object]));
  const here = new Map<string, KubernetesObject>();
  const put = (object: KubernetesObject): void => {
    compiler.update([object]);
    here.set(idOf(object), object);
  };
  const drop = (object: KubernetesObject): void => {
    compiler.update([], [object]);
    here.delete(idOf(object));
  };
  const waiting = shuffled([...wanted.values()], chance);
  while (waiting.length > 0) {
    const dice = chance.below(20);
    if (dice < 3) {
      const stranger = chance.once(2) ? randomPolicy(chance) : randomCoreObject(chance);
      if (stranger !== undefined && stranger.kind !== 'Namespace') put(stranger);
    } else if (dice < 5 && here.size > 0) {
      const gone = chance.pick([...here.values()]);
      drop(gone);
      const again = wanted.get(idOf(gone));
      if (again !== undefined && !waiting.includes(again)) waiting.push(again);
    } else {
      const arriving = waiting.splice(0, 1 + chance.below(6));
      compiler.update(arriving);
      for (const object of arriving) here.set(idOf(object), object);
    }
  }
  // Strangers go, and what is something else than it should be becomes itself.
  for (const [id, object] of shuffled([...here], chance)) if (!wanted.has(id)) drop(object);
  for (const [id, object] of shuffled([...wanted], chance)) if (here.get(id) !== object) put(object);
  return compiler.resources();
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  return items
    .map((item) => ({ item, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function idOf(object: KubernetesObject): string {
  return `${object.kind} ${keyOfObject(object)}`;
}
