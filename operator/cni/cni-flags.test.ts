import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCniFlags } from './cni-flags.ts';

test('the agent’s flags are read by the rules of the operator’s', () => {
  const flags = parseCniFlags(['--ip-families', 'ipv6,ipv4', '--health-port=1', '--exclude-namespace', 'mine']);
  assert.deepEqual([flags.families, flags.healthPort], [['ipv6', 'ipv4'], 1]);
  assert.ok(flags.excludeNamespaces.includes('mine') && flags.excludeNamespaces.includes('kube-system'));
});

for (const wrong of [
  '--ip-families=ipv4,ipv4',
  '--ip-families=',
  '--health-port=65536',
  '--health-port=x',
  '--log-level=loud',
  '--no-such',
]) {
  test(`${wrong} is refused, by its name`, () => {
    const named = (error: unknown): boolean =>
      error instanceof Error && error.name === 'UsageError' && error.message.includes(wrong.split('=')[0] ?? '');
    assert.throws(() => parseCniFlags([wrong]), named);
  });
}
