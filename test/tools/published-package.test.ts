import assert from 'node:assert/strict';
import { it } from 'node:test';
import { publishedPackage } from './published-package.ts';

it('leads to JavaScript and its types, and to nothing that is not there', () => {
  const own = {
    name: 'a',
    version: '1.0.0',
    bin: { a: './cli/main.ts' },
    exports: { '.': './index.ts', './image': './image/index.ts', './data.json': './data.json' },
  };
  assert.deepEqual(
    publishedPackage(own, (path) => !path.includes('image')),
    {
      name: 'a',
      version: '1.0.0',
      bin: { a: './cli/main.js' },
      exports: { '.': { types: './index.d.ts', default: './index.js' }, './data.json': './data.json' },
    },
  );
});
