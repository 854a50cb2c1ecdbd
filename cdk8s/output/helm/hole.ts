/** A place in an object that the values of the chart fill. */
export interface Hole {
  /** `Kind/name` of the object; `*` for all of them. */
  readonly object: string;
  /** Where it is; the last step need not be there, the ones before must. */
  readonly path: readonly (string | number)[];
  readonly fill: Fill;
}

/** How a hole is filled. */
export type Fill =
  /** One value: `field: {{ expression }}`. The expression gives JSON, which is YAML. */
  | { readonly kind: 'scalar'; readonly expression: string }
  /** What is below the field: `field:` and the expression as YAML. */
  | { readonly kind: 'block'; readonly expression: string }
  /** The same, field and all, unless the expression is empty. */
  | { readonly kind: 'optional'; readonly expression: string }
  /** Lines beside the fields of the object at the path. */
  | { readonly kind: 'entries'; readonly lines: readonly string[] }
  /** These lines in place of the field. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

/** A value of the chart as one scalar. */
export function scalar(value: string): Fill {
  return { kind: 'scalar', expression: `toJson .Values.${value}` };
}

/** A value of the chart, of any shape. */
export function block(value: string): Fill {
  return { kind: 'block', expression: `.Values.${value}` };
}

/** A value of the chart, unless it is empty. */
export function optional(value: string): Fill {
  return { kind: 'optional', expression: `.Values.${value}` };
}

/** Texts by name beside those that are there: of one value of the chart, and of another what the first does not name. */
export function entries(value: string, other?: string): Fill {
  const entry = '{{ toJson $name }}: {{ toJson $value }}';
  const first = [`{{- range $name, $value := $.Values.${value} }}`, entry, '{{- end }}'];
  if (other === undefined) return { kind: 'entries', lines: first };
  // Not `merge`: it takes an empty text for one that is not there.
  const rest = [
    `{{- range $name, $value := $.Values.${other} }}`,
    `{{- if not (hasKey $.Values.${value} $name) }}`,
    entry,
    '{{- end }}',
    '{{- end }}',
  ];
  return { kind: 'entries', lines: [...first, ...rest] };
}
