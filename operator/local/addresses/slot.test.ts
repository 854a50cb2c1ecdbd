import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../test/tools/free-port.ts';
import { claimSlot } from './slot.ts';

test('two runs have different slots, and a released one is free again', async () => {
  // Away from the runs that this machine may have.
  const port = await freePort();
  const first = await claimSlot(port);
  const second = await claimSlot(port);
  assert.notEqual(first.number, second.number);
  await first.release();
  const third = await claimSlot(port);
  assert.equal(third.number, first.number);
  await Promise.all([second.release(), third.release()]);
});
