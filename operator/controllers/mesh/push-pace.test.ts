import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushPace } from './push-pace.ts';

const PACING = { least: 25, most: 250, quiet: 15 };

/** When there are pushes, if things change at these times. */
function pushesOf(pacing: ConstructorParameters<typeof PushPace>[0], changes: readonly number[]): number[] {
  const pace = new PushPace(pacing);
  const pushes: number[] = [];
  let waits = false;
  const end = (changes.at(-1) ?? 0) + 1000;
  for (let now = 0; now <= end; now++) {
    if (changes.includes(now)) {
      pace.changed(now);
      waits = true;
    }
    if (!waits || pace.wait(now) > 0) continue;
    pace.pushed(now);
    pushes.push(now);
    waits = false;
  }
  return pushes;
}

const every = (milliseconds: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / milliseconds) + 1 }, (_, index) => index * milliseconds);

test('changes that come one by one are each pushed at once', () => {
  assert.deepEqual(pushesOf(PACING, [0, 30, 60, 500]), [0, 30, 60, 500]);
});

test('while changes keep coming, each push waits longer than the one before, up to the most', () => {
  assert.deepEqual(pushesOf(PACING, every(5, 1000)), [0, 25, 125, 375, 625, 875, 1015]);
});

test('when a burst stops it is pushed after the silence, not at the end of the window', () => {
  assert.deepEqual(pushesOf(PACING, [...every(5, 130), 300]), [0, 25, 125, 150, 315]);
});

test('after a burst, and a pause as long as its pushes waited, a change is pushed at once', () => {
  assert.deepEqual(pushesOf(PACING, [...every(5, 100), 400, 410]), [0, 25, 115, 400, 425]);
});

test('the next burst begins with short waits again', () => {
  const next = every(5, 60).map((time) => 400 + time);
  assert.deepEqual(pushesOf(PACING, [...every(5, 100), ...next]), [0, 25, 115, 400, 425, 475]);
});

test('a change that is late does not end its burst', () => {
  const pace = new PushPace(PACING);
  pace.changed(0);
  pace.pushed(0);
  pace.changed(20);
  // The event loop was busy.
  pace.changed(60);
  assert.equal(pace.wait(60), 0);
  pace.pushed(60);
  pace.changed(100);
  assert.equal(pace.wait(100), 15);
});

test('with one number, pushes are so far apart and no farther', () => {
  assert.deepEqual(pushesOf({ least: 25 }, every(5, 100)), [0, 25, 50, 75, 100]);
});
