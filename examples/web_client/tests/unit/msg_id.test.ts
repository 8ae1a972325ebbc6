import { expect, test } from 'vitest';
import { MsgIds, timeOfMsgId } from '#sdk';

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDs of version 7 that tell when they were made', () => {
  const id = new MsgIds().next(1_700_000_000_000);

  expect(id).toMatch(PATTERN);
  expect(timeOfMsgId(id)).toBe(1_700_000_000_000);
});

test('ids grow within a millisecond, and when the clock is set back', () => {
  const ids = new MsgIds();
  const made = [5, 5, 5, 3, 1, 6].map((time) => ids.next(time));

  expect(made).toEqual([...made].sort());
  expect(new Set(made).size).toBe(made.length);
});

test('ids grow after a restart', () => {
  const last = new MsgIds().next(10);

  expect(new MsgIds(last).next(9) > last).toBe(true);
});

test('a counter that is full goes on in the next millisecond', () => {
  const last = '00000000-000a-7fff-bffc-000000000000';
  const next = new MsgIds(last).next(10);

  expect(next > last).toBe(true);
  expect(next).toMatch(PATTERN);
  expect(timeOfMsgId(next)).toBe(11);
});
