import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/**
 * Asserts that a text is the content of a golden file, byte for byte. With `DOT_KUBE_GOLDEN=update` (`npm run golden:update`) it writes the file
 * instead: look at the difference before you commit it.
 */
export function matchGolden(path: string, actual: string, environment: NodeJS.ProcessEnv = process.env): void {
  const expected = contentOf(path);
  if (environment['DOT_KUBE_GOLDEN'] === 'update') {
    if (actual === expected) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  const name = relative(process.cwd(), path);
  assert.ok(expected !== undefined, `${name} does not exist: npm run golden:update writes it`);
  assert.equal(
    actual,
    expected,
    `${name} says otherwise${difference(actual, expected)}: if it is meant, npm run golden:update`,
  );
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The first line that differs, with its number; a whole golden in an error is not read by anybody. */
function difference(actual: string, expected: string): string {
  const [actualLines, expectedLines] = [actual.split('\n'), expected.split('\n')];
  const index = expectedLines.findIndex((line, at) => line !== actualLines[at]);
  const at = index === -1 ? expectedLines.length : index;
  return ` from line ${at + 1} on\n  expected: ${expectedLines[at] ?? '(end)'}\n  actual:   ${actualLines[at] ?? '(end)'}\n`;
}
