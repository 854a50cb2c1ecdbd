import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBenchFlags, PARTS } from './options.ts';
import { UsageError } from './usage-error.ts';

test('without parts all run but the profile', () => {
  assert.deepEqual(
    parseBenchFlags([]).parts,
    PARTS.filter((part) => part !== 'profile'),
  );
});

test('parts run in their own order, each once', () => {
  assert.deepEqual(parseBenchFlags(['growth', 'control-plane', 'growth']).parts, ['control-plane', 'growth']);
});

test('sizes are Services, endpoints and proxies', () => {
  assert.deepEqual(parseBenchFlags(['--size', '500x5x200', '--size=1x1x1']).sizes, [
    { services: 500, endpoints: 5, clients: 200 },
    { services: 1, endpoints: 1, clients: 1 },
  ]);
});

for (const args of [['all'], ['--size', '500x5'], ['--size', '0x1x1'], ['--size', '5x5x5x5'], ['--shred', 'x']]) {
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(() => parseBenchFlags(args), UsageError);
  });
}
