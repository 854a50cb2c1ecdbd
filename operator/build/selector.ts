import { type Labels, pairsOf } from './lenient.ts';

/** Whether all pairs of the selector are among the labels. An empty selector selects nothing. */
export function selects(selector: Labels | undefined, labels: Labels): boolean {
  const wanted = pairsOf(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/**
 * The index key under which a selector is found by the labels that it may select: its first pair. Whoever finds it that
 * way still has to ask {@link selects}.
 */
export function selectorKeys(scope: string, selector: Labels | undefined): readonly string[] {
  const [first] = pairsOf(selector);
  return first === undefined ? [] : [pairKey(scope, first)];
}

/** The index keys of all selectors that may select the labels. */
export function labelKeys(scope: string, labels: Labels): readonly string[] {
  return pairsOf(labels).map((pair) => pairKey(scope, pair));
}

/** `a=1,b=2`, sorted by key: how selectors and subsets are written. */
export function labelsText(labels: Labels): string {
  return pairsOf(labels)
    .map((pair) => pair.join('='))
    .join(',');
}

function pairKey(scope: string, [key, value]: readonly [string, string]): string {
  return `${scope}|${key}=${value}`;
}
