import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { validateYaml } from '../validation/index.ts';
import { COMMANDS } from './commands.ts';

const ROOT = join(import.meta.dirname, '../..');

test('the page of the command names every command and every flag', async () => {
  const page = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
  for (const { load, name } of COMMANDS) {
    const start = page.indexOf(`## dotkube ${name}`);
    assert.ok(start >= 0, `there is no section on ${name}`);
    const end = page.indexOf('\n## ', start + 1);
    const section = page.slice(start, end < 0 ? undefined : end);
    for (const [flag, { short, value }] of Object.entries((await load()).flags)) {
      const long = `--${flag}${value === undefined ? '' : ` ${value}`}`;
      const words = short === undefined ? `\`${long}\`` : `\`${long}\`, \`-${short}\``;
      assert.ok(section.includes(words), `the section on ${name} lacks ${words}`);
    }
  }
});

test('every example of the front page is valid', async () => {
  const page = await readFile(join(ROOT, 'README.md'), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => validateYaml(yaml, 'README.md'));
  assert.deepEqual(
    examples.map(({ checked, findings }) => [checked, findings]),
    [
      [1, []],
      [1, []],
      [1, []],
    ],
  );
});

test('what the pages link to is there', async () => {
  for (const page of ['README.md', 'operator/cli/README.md', 'operator/local/README.md']) {
    const text = await readFile(join(ROOT, page), 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      await access(join(ROOT, page, '..', target)).catch(() => assert.fail(`${page} links to ${target}`));
  }
});
