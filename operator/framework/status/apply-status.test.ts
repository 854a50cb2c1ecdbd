import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { WIDGET, type Widget, widget } from '../testing/contract/widget.ts';
import { interceptApi } from '../testing/intercept-api.ts';
import { applyStatus } from './apply-status.ts';

const REF = { namespace: 'ns', name: 'a' };
const OPTIONS = { fieldManager: 'test' };

async function subject() {
  const memory = new InMemoryApi();
  const calls: string[] = [];
  const api = interceptApi(memory, ({ verb }) => void calls.push(verb));
  const object = await memory.create(WIDGET, widget('ns', 'a', { size: 1 }));
  const write = (of: Widget, status: NonNullable<Widget['status']>) => applyStatus(api, WIDGET, of, status, OPTIONS);
  return { memory, calls, object, write, read: () => memory.get(WIDGET, REF) };
}

describe('applyStatus', () => {
  it('writes a status that is different, and only then', async () => {
    const { calls, object, write, read } = await subject();
    assert.equal(await write(object, { note: 'x' }), 'written');
    const written = await read();
    assert.deepEqual([written.status, written.spec], [{ note: 'x' }, { size: 1 }]);
    assert.equal(await write(written, { note: 'x' }), 'unchanged');
    assert.deepEqual(calls, ['apply']);
  });

  it('takes out what is no longer said', async () => {
    const { object, write, read } = await subject();
    await write(object, { note: 'x', observedGeneration: 1 });
    await write(await read(), { observedGeneration: 1 });
    assert.deepEqual((await read()).status, { observedGeneration: 1 });
  });

  it('writes over what has changed since the object was read', async () => {
    const { memory, calls, object, write, read } = await subject();
    await memory.apply(WIDGET, widget('ns', 'a', { size: 2 }), { fieldManager: 'editor', force: true });
    assert.equal(await write(object, { note: 'x' }), 'written');
    assert.deepEqual((await read()).status, { note: 'x' });
    assert.deepEqual(calls, ['apply', 'get', 'apply']);
  });

  it('finds that somebody has written the same already', async () => {
    const { object, write } = await subject();
    await write(object, { note: 'x' });
    assert.equal(await write(object, { note: 'x' }), 'unchanged');
  });

  it('never gives an object the status of its predecessor', async () => {
    const { memory, object, write, read } = await subject();
    await memory.delete(WIDGET, REF);
    assert.equal(await write(object, { note: 'x' }), 'gone');
    await memory.create(WIDGET, widget('ns', 'a', { size: 1 }));
    assert.equal(await write(object, { note: 'x' }), 'gone');
    assert.equal((await read()).status, undefined);
  });
});
