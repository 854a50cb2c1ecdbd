import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { definitionOf, FINDING_CODES, type FindingCode } from '../../operator/findings/index.ts';
import type { KubernetesObject } from '../../operator/framework/api/object.ts';
import { type LocatedFinding, locatedFinding, parseManifests, validateYaml } from '../../operator/validation/index.ts';
import { decideInjection } from '../../operator/webhooks/injection/decide.ts';
import { DEFAULT_INJECTION } from '../../operator/webhooks/injection/settings.ts';
import { compiledFindings } from './support/compiled-findings.ts';

const FOLDER = join(import.meta.dirname, 'findings');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const goldenFile = (code: FindingCode, name: string) => join(FOLDER, code, name);

/** A finding as the expected files have it. */
function expectedLine({ line, column, level, code, field, message, fix }: LocatedFinding): string {
  const place = field === undefined ? '' : `${field}: `;
  return `bad.yaml:${line}:${column} ${level} ${code} ${place}${message} (fix: ${fix})\n`;
}

/** What the compiler finds in the objects of a text, with its places in the text. */
function compiledFindingsIn(text: string): readonly LocatedFinding[] {
  const { manifests } = parseManifests(text);
  const objects = manifests.map(({ object }) => object as unknown as KubernetesObject);
  return compiledFindings(objects).flatMap((found) => {
    const { kind, name } = found.object;
    const manifest = manifests.find((_, at) => objects[at]?.kind === kind && objects[at].metadata.name === name);
    return manifest === undefined ? [] : [locatedFinding(found, manifest, 'bad.yaml')];
  });
}

/** What injection finds in the pod of a text, with its place in it. */
function injectionFindingsIn(text: string): readonly LocatedFinding[] {
  return parseManifests(text).manifests.flatMap((manifest) => {
    const decision = decideInjection(manifest.object, ASKING, { ...DEFAULT_INJECTION, proxyImage: 'proxy' });
    const findings = decision.kind === 'refuse' ? decision.findings : [];
    const found = decision.kind === 'leave' && decision.finding !== undefined ? [decision.finding] : findings;
    return found.map((each) => locatedFinding(each, manifest, 'bad.yaml'));
  });
}

const ASKING = { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'enabled' } };

/** What makes a finding: the validation of one object, the compiler, injection, or only what runs: a proxy, the API server. */
function sourceOf(code: FindingCode): 'validation' | 'compiler' | 'injection' | 'running' {
  if (['DK4007', 'DK4102', 'DK4103'].includes(code)) return 'running';
  if (code.startsWith('DK5')) return 'running';
  if (code.startsWith('DK4')) return 'injection';
  const { effect } = definitionOf(code);
  if (effect === 'unstored') return 'validation';
  return effect === 'rejected' ? 'running' : 'compiler';
}

const codesFrom = (source: ReturnType<typeof sourceOf>) => FINDING_CODES.filter((code) => sourceOf(code) === source);

function assertGolden(code: FindingCode, findings: readonly LocatedFinding[]): void {
  const actual = findings.map(expectedLine).join('');
  if (UPDATE) writeFileSync(goldenFile(code, 'expected.txt'), actual);
  assert.equal(actual, readFileSync(goldenFile(code, 'expected.txt'), 'utf8'));
  const codes = [...new Set(findings.map((found) => found.code))];
  // Some of the compiler's findings never come alone.
  if (sourceOf(code) === 'validation') assert.deepEqual(codes, [code], 'the example is bad in one way only');
  else assert.ok(codes.includes(code), `the example does not have ${code}`);
}

describe('the registry of findings', () => {
  it('has a bad example for every code, and none for others', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), FINDING_CODES);
    for (const code of FINDING_CODES) {
      for (const name of ['bad.yaml', 'expected.txt']) assert.ok(existsSync(goldenFile(code, name)), `${code}/${name}`);
    }
  });

  for (const code of codesFrom('validation')) {
    it(`refuses the bad example of ${code} with its message, field and fix`, () => {
      assertGolden(code, validateYaml(readFileSync(goldenFile(code, 'bad.yaml'), 'utf8'), 'bad.yaml').findings);
    });
  }

  for (const code of codesFrom('compiler')) {
    it(`finds ${code} in its example when it is compiled, and nothing before`, () => {
      const text = readFileSync(goldenFile(code, 'bad.yaml'), 'utf8');
      assert.deepEqual(validateYaml(text, 'bad.yaml').findings, []);
      assertGolden(code, compiledFindingsIn(text));
    });
  }

  for (const code of codesFrom('injection')) {
    it(`finds ${code} in its example when the pod is to get its proxy`, () => {
      assertGolden(code, injectionFindingsIn(readFileSync(goldenFile(code, 'bad.yaml'), 'utf8')));
    });
  }

  for (const code of codesFrom('running')) {
    it(`has an example of ${code} in which only what runs finds something`, () => {
      const text = readFileSync(goldenFile(code, 'bad.yaml'), 'utf8');
      assert.deepEqual([...validateYaml(text, 'bad.yaml').findings, ...compiledFindingsIn(text)], []);
      assert.match(readFileSync(goldenFile(code, 'expected.txt'), 'utf8'), new RegExp(`^\\S+ ${definitionOf(code).level} ${code} `));
    });
  }
});
