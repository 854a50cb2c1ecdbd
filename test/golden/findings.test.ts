import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { definitionOf, FINDING_CODES, type FindingCode } from '../../operator/findings/index.ts';
import { type LocatedFinding, validateYaml } from '../../operator/validation/index.ts';

const FOLDER = join(import.meta.dirname, 'findings');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const goldenFile = (code: FindingCode, name: string) => join(FOLDER, code, name);

/** A finding as the expected files have it. */
function expectedLine({ line, column, level, code, field, message, fix }: LocatedFinding): string {
  const place = field === undefined ? '' : `${field}: `;
  return `bad.yaml:${line}:${column} ${level} ${code} ${place}${message} (fix: ${fix})\n`;
}

/** Whether a finding comes of one object alone, so that no other has to be there to see it. */
const isOffline = (code: FindingCode) => definitionOf(code).effect === 'unstored';

describe('the registry of findings', () => {
  it('has a bad example for every code, and none for others', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), FINDING_CODES);
    for (const code of FINDING_CODES) {
      assert.ok(existsSync(goldenFile(code, 'bad.yaml')), `${code} needs test/golden/findings/${code}/bad.yaml`);
    }
  });

  for (const code of FINDING_CODES.filter(isOffline)) {
    it(`refuses the bad example of ${code} with its message, field and fix`, () => {
      const { findings } = validateYaml(readFileSync(goldenFile(code, 'bad.yaml'), 'utf8'), 'bad.yaml');
      const actual = findings.map(expectedLine).join('');
      if (UPDATE) writeFileSync(goldenFile(code, 'expected.txt'), actual);
      assert.equal(actual, readFileSync(goldenFile(code, 'expected.txt'), 'utf8'));
      assert.deepEqual([...new Set(findings.map((found) => found.code))], [code], 'the example is bad in one way only');
    });
  }

  for (const code of FINDING_CODES.filter((each) => !isOffline(each))) {
    it(`has an example of ${code} that only the others around it make bad`, () => {
      const { findings } = validateYaml(readFileSync(goldenFile(code, 'bad.yaml'), 'utf8'), 'bad.yaml');
      assert.deepEqual(findings, []);
      assert.match(readFileSync(goldenFile(code, 'expected.txt'), 'utf8'), new RegExp(`^\\S+ ${definitionOf(code).level} ${code} `));
    });
  }
});
