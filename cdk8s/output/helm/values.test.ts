import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Fields } from '../../system/values/field.ts';
import { DEFAULT_VALUES, VALUE_FIELDS } from '../../system/values/values.ts';
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
    const unexplained = lines.filter((line, index) => /^ {0,4}\w+:/.test(line) && !isExplained(lines, index));
    assert.deepEqual(unexplained, []);
    assert.deepEqual(
      lines.filter((line) => line.length > 120),
      [],
    );
  });

  it('are all in the table', () => {
    const rows = valuesTable().match(/^\| \*{0,2}`[^`]+`/gm) ?? [];
    const countOf = (fields: Fields): number =>
      Object.values(fields).reduce((count, field) => count + 1 + countOf(field.fields ?? {}), 0);
    assert.equal(rows.length, countOf(VALUE_FIELDS));
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['an unknown value', { replica: 3 }],
    ['an unknown value below another', { image: { name: 'x' } }],
    ['a text for a number', { replicas: 'two' }],
    ['a word that is none to choose from', { logLevel: 'verbose' }],
    ['labels that belong to the chart', { commonLabels: { 'app.kubernetes.io/name': 'x' } }],
    ['a digest without an algorithm', { image: { digest: '0123' } }],
    ['a root of unknown origin', { certificateAuthority: { source: 'Ephemeral' } }],
    ['a quantity that is a number', { proxy: { resources: { limits: { cpu: 1 } } } }],
    ['a quantity that is none', { proxy: { resources: { limits: { cpu: 'much' } } } }],
    ['a name of an image with spaces', { proxy: { image: { repository: 'a b' } } }],
    ['an address family that there is not', { proxy: { ipFamilies: ['ipx'] } }],
    ['no address family', { proxy: { ipFamilies: [] } }],
    ['a folder of nodes that is none', { cni: { binDirectory: 'opt/cni/bin' } }],
    ['no threads', { proxy: { concurrency: 0 } }],
    ['an API server on no port', { networkPolicy: { apiServerPorts: [] } }],
  ];
  for (const [what, values] of wrong) {
    it(`are refused: ${what}`, () => assert.equal(validate(values), false));
  }

  it('may be those of a part of another chart', () => {
    assert.equal(validate({ global: { any: 1 }, replicas: 1 }), true);
  });
});

/** The top of a list of Kubernetes' own, or the line after a comment. */
function isExplained(lines: readonly string[], index: number): boolean {
  if (lines[index - 1]?.trim().startsWith('#') === true) return true;
  const indent = /^ */.exec(lines[index] ?? '')?.[0].length ?? 0;
  const parent = lines.slice(0, index).findLast((line) => /^ *\w+:/.test(line) && line.search(/\S/) < indent);
  return ['resources:', 'topologySpreadConstraints:', 'limits:', 'requests:'].includes(parent?.trim() ?? '');
}
