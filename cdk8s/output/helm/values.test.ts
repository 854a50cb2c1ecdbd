import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { DEFAULT_VALUES } from '../../system/values/values.ts';
import { valuesSchema } from './values-schema.ts';
import { valuesTable, valuesYaml } from './values-text.ts';

const validate = new Ajv({ allErrors: true }).compile(valuesSchema());

describe('the values of the chart', () => {
  it('are those that the constructs take, with the same defaults', () => {
    assert.deepEqual(parse(valuesYaml()), DEFAULT_VALUES);
  });

  it('have a schema that takes the defaults', () => {
    assert.deepEqual([validate(DEFAULT_VALUES), validate.errors], [true, null]);
  });

  it('are each explained, on lines that fit on a screen', () => {
    const lines = valuesYaml().split('\n');
    const unexplained = lines.filter((line, index) => /^ {0,2}\w+:/.test(line) && !isExplained(lines, index));
    assert.deepEqual(unexplained, []);
    assert.deepEqual(
      lines.filter((line) => line.length > 120),
      [],
    );
  });

  it('are all in the table', () => {
    const rows = valuesTable().match(/^\| \*{0,2}`[^`]+`/gm) ?? [];
    const count = Object.values(valuesSchema()['properties'] ?? {}).flatMap((field) => [
      field,
      ...Object.values((field as { properties?: object }).properties ?? {}),
    ]).length;
    // All but `global`, which is Helm's.
    assert.equal(rows.length, count - 1);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['an unknown value', { replica: 3 }],
    ['an unknown value below another', { image: { name: 'x' } }],
    ['a text for a number', { replicas: 'two' }],
    ['a word that is none to choose from', { logLevel: 'verbose' }],
    ['labels that belong to the chart', { commonLabels: { 'app.kubernetes.io/name': 'x' } }],
    ['a digest without an algorithm', { image: { digest: '0123' } }],
    ['replicas that do not trust each other', { replicas: 2, certificateAuthority: { source: 'Ephemeral' } }],
    ['an API server on no port', { networkPolicy: { apiServerPorts: [] } }],
  ];
  for (const [what, values] of wrong) {
    it(`are refused: ${what}`, () => assert.equal(validate(values), false));
  }

  it('may be those of a part of another chart', () => {
    assert.equal(validate({ global: { any: 1 }, certificateAuthority: { source: 'Ephemeral' }, replicas: 1 }), true);
  });
});

/** The top of a list of Kubernetes' own, or the line after a comment. */
function isExplained(lines: readonly string[], index: number): boolean {
  if (lines[index - 1]?.trim().startsWith('#') === true) return true;
  const parent = lines.slice(0, index).findLast((line) => /^\w+:/.test(line));
  return lines[index]?.startsWith(' ') === true && ['resources:', 'topologySpreadConstraints:'].includes(parent ?? '');
}
