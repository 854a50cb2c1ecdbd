import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { labelsOf } from './build-images.ts';
import { RECIPES } from './recipes.ts';
import { ROOT } from './root.ts';

/** The instructions of the last stage, with the words of those that go on over lines in one. */
async function instructionsOf(file: string): Promise<readonly string[]> {
  const text = (await readFile(join(ROOT, file), 'utf8')).replaceAll(/\\\n\s*/g, '');
  return text
    .slice(text.lastIndexOf('\nFROM') + 1)
    .trimEnd()
    .split('\n');
}

const pairs = (map: Readonly<Record<string, string>>): string =>
  Object.entries(map)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');

const FILES = {
  operator: 'operator/image/Containerfile',
  proxy: 'proxy/image/Containerfile',
  cni: 'operator/image/cni.Containerfile',
} as const;

for (const name of ['operator', 'proxy', 'cni'] as const) {
  test(`the Containerfile of ${name} makes the image that the recipe says`, async () => {
    const recipe = RECIPES[name] ?? assert.fail();
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
    const { config } = recipe;
    assert.deepEqual(await instructionsOf(FILES[name]), [
      'FROM scratch',
      'COPY --from=build /rootfs/ /',
      `LABEL ${pairs(labelsOf(recipe, version))}`,
      `ENV ${pairs(config.environment)}`,
      ...(config.ports === undefined ? [] : [`EXPOSE ${config.ports.map((port) => `${port}/tcp`).join(' ')}`]),
      `WORKDIR ${config.workingDirectory}`,
      `USER ${config.user}:${config.user}`,
      `ENTRYPOINT [${config.entrypoint.map((word) => JSON.stringify(word)).join(', ')}]`,
    ]);
  });
}
