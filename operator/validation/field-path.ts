/** One step into an object: the name of a field or the index in a list. */
export type FieldStep = string | number;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The text of a path: `spec.rules[0].to[1].ports`, with `labels[app.kubernetes.io/name]` for keys that are no identifiers. */
export function fieldText(steps: readonly FieldStep[]): string {
  return steps
    .map((step, at) => {
      if (typeof step === 'number' || !IDENTIFIER.test(step)) return `[${step}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join('');
}

/** The steps of a text that {@link fieldText} wrote. A number in brackets is an index. */
export function fieldSteps(text: string): readonly FieldStep[] {
  return [...text.matchAll(/\[([^\]]*)\]|[^.[]+/g)].map(([whole, bracketed]) => {
    if (bracketed === undefined) return whole;
    return /^\d+$/.test(bracketed) ? Number(bracketed) : bracketed;
  });
}
