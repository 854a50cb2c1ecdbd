import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { widget } from '../testing/contract/widget.ts';
import { interceptApi } from '../testing/intercept-api.ts';
import { TestClock } from '../testing/test-clock.ts';
import type { Condition } from './conditions.ts';
import { EventRecorder } from './event-recorder.ts';
import { EVENT, transitionEvents } from './events.ts';

const WIDGET_A = widget('ns', 'a', {}, { uid: 'u1' });

function subject() {
  const clock = new TestClock();
  const memory = new InMemoryApi({ clock });
  let calls = 0;
  const api = interceptApi(memory, () => void calls++);
  const recorder = new EventRecorder({ api, controller: 'example.com/test', instance: 'pod-1', clock });
  const events = async () => {
    await recorder.flush();
    return (await memory.list(EVENT, { namespace: 'ns' })).items;
  };
  return { memory, clock, recorder, events, calls: () => calls };
}

describe('the event recorder', () => {
  it('writes what was said of which object by whom', async () => {
    const { recorder, events } = subject();
    recorder.record(WIDGET_A, { type: 'Warning', reason: 'Broken', note: 'it broke' });
    const [event] = await events();
    assert.partialDeepStrictEqual(event, {
      type: 'Warning',
      reason: 'Broken',
      action: 'Reconcile',
      note: 'it broke',
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/test',
      reportingInstance: 'pod-1',
      regarding: { apiVersion: 'framework.example.com/v1', kind: 'Widget', namespace: 'ns', name: 'a', uid: 'u1' },
    });
  });

  it('makes a series of what is said again, and writes it once a minute', async () => {
    const { clock, recorder, events, calls } = subject();
    for (let second = 0; second < 121; second++) {
      recorder.record(WIDGET_A, { type: 'Normal', reason: 'Tick', note: 'tick' });
      await clock.advance(1000);
    }
    const all = await events();
    assert.equal(all.length, 1);
    assert.deepEqual(all[0]?.series, { count: 121, lastObservedTime: '2026-01-01T00:02:00.000000Z' });
    assert.equal(calls(), 3);
  });

  it('says once, whoever says it, what is to be said only once', async () => {
    const { memory, clock, recorder, events } = subject();
    const other = new EventRecorder({ api: memory, controller: 'example.com/test', instance: 'pod-2', clock });
    recorder.recordOnce(WIDGET_A, { type: 'Warning', reason: 'Odd', note: 'one' });
    const [first] = await events();
    await clock.advance(1000);
    for (const each of [recorder, other]) {
      each.recordOnce(WIDGET_A, { type: 'Warning', reason: 'Odd', note: 'one' });
      await each.flush();
    }
    assert.deepEqual(await events(), [first]);
    recorder.recordOnce(WIDGET_A, { type: 'Warning', reason: 'Odd', note: 'two' });
    assert.equal((await events()).length, 2);
  });

  it('begins a new event for another note, another object, or after a long time', async () => {
    const { clock, recorder, events } = subject();
    recorder.record(WIDGET_A, { type: 'Normal', reason: 'Tick', note: 'one' });
    recorder.record(WIDGET_A, { type: 'Normal', reason: 'Tick', note: 'two' });
    recorder.record(widget('ns', 'b'), { type: 'Normal', reason: 'Tick', note: 'one' });
    assert.equal((await events()).length, 3);
    await clock.advance(360_000);
    recorder.record(WIDGET_A, { type: 'Normal', reason: 'Tick', note: 'one' });
    assert.equal((await events()).length, 4);
  });

  it('cuts notes that are too long, at a character', async () => {
    const { recorder, events } = subject();
    recorder.record(WIDGET_A, { type: 'Normal', reason: 'Long', note: 'é'.repeat(1000) });
    const [event] = await events();
    assert.ok(Buffer.byteLength(event?.note ?? '') <= 1024);
    assert.match(event?.note ?? '', /^é{500,}…$/);
  });

  it('goes on when an event cannot be written', async () => {
    const api = interceptApi(new InMemoryApi(), () => {
      throw new Error('no network');
    });
    const recorder = new EventRecorder({ api, controller: 'c', instance: 'i' });
    recorder.record(WIDGET_A, { type: 'Normal', reason: 'A', note: 'a' });
    await recorder.flush();
  });
});

describe('the events of a change of conditions', () => {
  const condition = (type: string, status: Condition['status'], reason: string, message = ''): Condition => {
    return { type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
  };
  const texts = (before: Condition[] | undefined, after: Condition[]): string[] => {
    return transitionEvents(before, after).map(({ type, reason, note }) => `${type} ${reason}: ${note}`);
  };

  it('are those whose status or reason has changed', () => {
    const before = [condition('Ready', 'False', 'Waiting'), condition('Accepted', 'True', 'Accepted')];
    const after = [
      condition('Ready', 'True', 'Programmed', 'all of it'),
      condition('Accepted', 'True', 'Accepted', 'new'),
    ];
    assert.deepEqual(texts(before, after), ['Normal Programmed: all of it']);
    assert.deepEqual(texts(before, [condition('Ready', 'False', 'Rejected')]), ['Warning Rejected: Ready is False']);
    assert.deepEqual(texts(after, after), []);
  });

  it('warn of bad news whichever way the condition is turned, and spare what is no news', () => {
    const stalled = (status: Condition['status']): Condition[] => [condition('Stalled', status, 'R', 'why')];
    assert.deepEqual(texts(undefined, stalled('True')), ['Warning R: why']);
    assert.deepEqual(texts(undefined, stalled('False')), []);
    assert.deepEqual(texts(stalled('True'), stalled('False')), ['Normal R: why']);
    assert.deepEqual(texts(undefined, [condition('Reconciling', 'True', 'R'), condition('Ready', 'Unknown', 'R')]), []);
  });
});
