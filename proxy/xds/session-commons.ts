import type { ReferenceCommons } from './cluster-references.ts';
import type { ResourceRef } from './resource.ts';
import { Commons } from './shared-map.ts';
import type { SubscriptionCommons } from './subscription.ts';
import { sameWord } from './told.ts';

/** What the sessions of one server have in common, so that it is there once. */
export interface SessionCommons extends SubscriptionCommons, ReferenceCommons {}

/** For the sessions of one server. `worth`: so many entries of one of them are worth sharing. */
export function sessionCommons(worth?: number): SessionCommons {
  return {
    told: new Commons({ equal: sameWord, hash: ({ revision, version }) => revision * 7 + ends(version) }, worth),
    requested: new Commons({ equal: () => true, hash: () => 0 }, worth),
    refs: new Commons({ equal: sameRefs, hash: (refs) => refs.reduce((sum, { name }) => sum + ends(name), 0) }, worth),
    counts: new Commons({ equal: (a, b) => a === b, hash: (count) => count }, worth),
  };
}

function ends(text: string): number {
  return text === '' ? 0 : text.length * 961 + text.charCodeAt(0) * 31 + text.charCodeAt(text.length - 1);
}

function sameRefs(a: readonly ResourceRef[], b: readonly ResourceRef[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every(({ type, name }, i) => b[i]?.type === type && b[i].name === name);
}
