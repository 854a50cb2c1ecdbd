import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile } from '../../../operator/build/testing/compile.ts';
import { withSlices } from '../../../operator/build/testing/slices.ts';
import type { KubernetesObject } from '../../../operator/framework/api/object.ts';
import { parseManifests } from '../../../operator/validation/index.ts';
import { matchGolden } from '../../tools/golden.ts';
import { goldenText } from './compact.ts';

const cases = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name } of cases) {
  test(`objects become the model: ${name.replaceAll('-', ' ')}`, () => {
    const folder = join(import.meta.dirname, name);
    const { manifests, errors } = parseManifests(readFileSync(join(folder, 'in.yaml'), 'utf8'));
    if (errors.length > 0) throw new Error(`${name}/in.yaml: ${errors.map(({ message }) => message).join('; ')}`);
    const objects = manifests.map(({ object }) => object as unknown as KubernetesObject);
    const text = goldenText(compile(withSlices(objects)));
    matchGolden(join(folder, 'model.yaml'), text);
  });
}
