import { type Labels, pairsOf } from './lenient.ts';

/** Whether all pairs of the selector are among the labels. An empty selector selects nothing. */
export function selects(selector: Labels | undefined, labels: Labels): boolean {
  const wanted = pairsOf(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** Keys of labels by how well they usually tell workloads of one namespace apart; keys that are not here stand in the middle. */
const TELLING = ['statefulset.kubernetes.io/pod-name', 'app.kubernetes.io/name', 'app', 'k8s-app', 'name'];
const COMMON = [
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
  'chart',
  'component',
  'heritage',
  'release',
  'tier',
  'version',
];

/**
 * The index key under which a selector is found by the labels that it may select: its most telling pair, so that few others
 * stand there. Whoever finds it that way still has to ask {@link selects}.
 */
export function selectorKeys(scope: string, selector: Labels | undefined): readonly string[] {
  const [first] = [...pairsOf(selector)].sort(([a], [b]) => rankOf(a) - rankOf(b));
  return first === undefined ? [] : [pairKey(scope, first)];
}

function rankOf(key: string): number {
  const telling = TELLING.indexOf(key);
  if (telling >= 0) return telling;
  return COMMON.includes(key) ? TELLING.length + 1 : TELLING.length;
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
