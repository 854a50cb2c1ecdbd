import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { combinationsOf, type Dimension, templateOfVariants } from './variants.ts';

const DIMENSIONS: readonly Dimension[] = [
  { expression: '.a', values: ['x', 'y', 'z'] },
  { expression: '.b', values: [true, false] },
];

type Term = string | readonly Term[];

/** An expression of a template, by its parentheses. */
function parsed(expression: string): Term {
  const open: Term[][] = [[]];
  for (const [token] of expression.matchAll(/[()]|[^\s()]+/g)) {
    if (token === '(') open.push([]);
    else if (token === ')') open.at(-2)?.push(open.pop() ?? []);
    else open.at(-1)?.push(token);
  }
  return open[0] ?? [];
}

/** What the template renders to, by the few words that it is made of. */
function rendered(template: string, [a, b]: readonly (string | boolean)[]): string {
  const holds = (term: Term): boolean => {
    if (typeof term === 'string') return term === '.b' && b === true;
    const [word = '', ...rest] = term;
    switch (word) {
      case 'and':
        return rest.every(holds);
      case 'or':
        return rest.some(holds);
      case 'not':
        return !rest.every(holds);
      case 'eq':
      case 'has':
        return rest.flat(2).includes(JSON.stringify(a));
      default:
        return holds(word);
    }
  };
  const lines: string[] = [];
  let isShown = true;
  for (const line of template.split('\n')) {
    const condition = /^\{\{- if (.*) \}\}$/.exec(line)?.[1];
    if (condition !== undefined) isShown = holds(parsed(condition));
    else if (line === '{{- end }}') isShown = true;
    else if (isShown) lines.push(line);
  }
  return lines.join('\n');
}

describe('a template of several texts', () => {
  it('says once what all have, and when there is what only some have', () => {
    const text = ([a, b]: readonly (string | boolean)[]): string =>
      `start\n${a === 'x' ? 'of x\n' : 'not of x\n'}${b === true ? 'of b\n' : ''}end\n`;
    const variants = combinationsOf(DIMENSIONS).map((at) => ({ at, text: text(at) }));
    assert.equal(
      templateOfVariants(DIMENSIONS, variants),
      `start
{{- if eq .a "x" }}
of x
{{- end }}
{{- if has .a (list "y" "z") }}
not of x
{{- end }}
{{- if .b }}
of b
{{- end }}
end
`,
    );
  });

  it('renders to each of them, whatever they are', () => {
    const texts = fc.array(fc.array(fc.constantFrom('p', 'q', 'r', ''), { maxLength: 6 }), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(texts, (some) => {
        const variants = combinationsOf(DIMENSIONS).map((at, index) => ({ at, text: `${some[index]?.join('\n')}\n` }));
        const template = templateOfVariants(DIMENSIONS, variants);
        for (const { at, text } of variants) assert.equal(rendered(template, at), text);
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing at all where there is no text', () => {
    const variants = combinationsOf(DIMENSIONS).map((at) => ({ at, text: at[0] === 'y' ? 'only y\n' : undefined }));
    assert.equal(templateOfVariants(DIMENSIONS, variants), '{{- if eq .a "y" }}\nonly y\n{{- end }}\n');
  });
});
