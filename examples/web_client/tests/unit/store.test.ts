import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { MemoryStore, type LogRecord, type Outgoing, type Store } from '#sdk';
import { IndexedStore } from '#sdk/indexed_store.ts';

let count = 0;
const stores: [string, () => Promise<Store>][] = [
  ['memory', () => Promise.resolve(new MemoryStore())],
  ['IndexedDB', () => IndexedStore.open(`test ${count++}`)],
];

const record = (seq: number, kind: string, target?: number): LogRecord => ({
  seq,
  kind,
  time: seq,
  content: { text: `${kind} ${seq}` },
  ...(target !== undefined && { target }),
});

const outgoing: Outgoing = {
  id: '1',
  room: 'a',
  user: 'u@s.example',
  device: 'd',
  time: 1,
  state: 'waiting',
  method: 'message.send',
  params: { content: { text: 'x' } },
};

test.each(stores)('%s: what was put is loaded, what was dropped is not', async (_, open) => {
  const store = await open();
  await store.apply([
    { put: 'outbox', value: outgoing },
    { put: 'people', value: { user: 'x@y.z', display_name: 'X', status_text: '' } },
    { set: 'account_version', value: 7 },
  ]);
  await store.apply([{ drop: 'people', key: 'x@y.z' }]);

  const saved = await store.load();

  expect(saved.outbox).toEqual([outgoing]);
  expect(saved.people).toEqual([]);
  expect(saved.values.account_version).toBe(7);
});

test.each(stores)('%s: records are found by number and by target, in order', async (_, open) => {
  const store = await open();
  const records = [record(1, 'message'), record(2, 'message'), record(3, 'edit', 1)];
  await store.apply([
    { add: 'a', records: [...records].reverse() },
    { add: 'b', records: [record(1, 'message')] },
  ]);

  expect((await store.records('a', 2, 9)).map(({ seq }) => seq)).toEqual([2, 3]);
  expect((await store.annotations('a', 1, 2)).map(({ seq }) => seq)).toEqual([3]);
  expect(await store.annotations('b', 1, 2)).toEqual([]);
});

test.each(stores)('%s: erasing takes the content of a message and its edits', async (_, open) => {
  const store = await open();
  const records = [record(1, 'message'), record(2, 'edit', 1), record(3, 'redact', 1)];
  await store.apply([
    { add: 'a', records },
    { erase: 'a', target: 1 },
  ]);

  const [message, edit, redact] = await store.records('a', 1, 3);

  expect([message?.erased, edit?.erased, redact?.erased]).toEqual([true, true, undefined]);
  expect([message?.content, edit?.content]).toEqual([undefined, undefined]);
});

test.each(stores)('%s: older records are forgotten, newer ones stay', async (_, open) => {
  const store = await open();
  const records = [1, 2, 3].map((seq) => record(seq, 'message'));
  await store.apply([
    { add: 'a', records },
    { forget: 'a', before: 3 },
  ]);

  expect((await store.records('a', 0, 99)).map(({ seq }) => seq)).toEqual([3]);
});

test.each(stores)('%s: a forgotten room leaves no records', async (_, open) => {
  const store = await open();
  await store.apply([{ add: 'a', records: [record(1, 'message')] }, { forget: 'a' }]);

  expect(await store.records('a', 0, 99)).toEqual([]);
});
