import { beforeEach, expect, test } from 'vitest';
import { MemoryStore, type LogRecord, type RoomSummary } from '#sdk';
import { Cache } from '#sdk/cache.ts';
import { described, summarised } from '#sdk/room.ts';
import { RoomLog } from '#sdk/room_log.ts';

const ME = 'romeo@montague.example';
const OTHER = 'juliet@capulet.example';

let store: MemoryStore;
let cache: Cache;
let log: RoomLog;

const summary = (head_seq: number, more: Partial<RoomSummary> = {}): RoomSummary => ({
  room: 'r',
  type: 'group',
  membership: 'joined',
  name: 'Balcony',
  head_seq,
  read_seq: head_seq,
  unread: 0,
  last_active: 1,
  ...more,
});

const record = (seq: number, more: Partial<LogRecord> = {}): LogRecord => ({
  ...{ seq, kind: 'message', sender: OTHER, time: seq, content: { text: `${seq}` } },
  ...more,
});

const span = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => record(from + index));

const room = () => {
  const found = cache.rooms.get('r');
  if (!found) throw new Error('the room is not there');
  return found;
};

beforeEach(async () => {
  store = new MemoryStore();
  const listener = {
    onRows: () => undefined,
    onRecords: () => undefined,
    onFailure: () => undefined,
  };
  cache = new Cache(store, await store.load(), listener);
  cache.set('account', { user: ME, device: 'd', token: 't' });
  log = new RoomLog(cache);
  cache.put('rooms', summarised(summary(10), undefined));
  log.takePage('r', span(8, 10));
});

test('what comes next is taken, what is known is not, a gap is left to be closed', () => {
  expect(log.takeLive('r', record(11))).toBe('taken');
  expect(log.takeLive('r', record(11))).toBe('known');
  expect(log.takeLive('r', record(13))).toBe('gap');
  expect(log.takeLive('elsewhere', record(1))).toBe('no such room');

  expect(room()).toMatchObject({ cursor: 11, head_seq: 13, ranges: [[8, 11]] });
});

test('messages of others count as unread once, also those that close a gap', () => {
  log.takeLive('r', record(12));
  log.takePage('r', [record(11), record(12), record(13, { sender: ME })]);
  expect(room()).toMatchObject({ unread: 0, marked: 13 });

  log.takeLive('r', record(14, { content: { text: 'x', mentions: [ME] } }));
  expect(room()).toMatchObject({ unread: 1, mentioned: true, last_message: { seq: 14 } });
});

test('a ban of a server takes its people out', () => {
  const member = (user: string) => ({
    user,
    membership: 'joined' as const,
    role: 'member' as const,
    read_seq: 0,
  });
  cache.put(
    'rooms',
    described(room(), {
      ...{ room: 'r', type: 'group', name: 'Balcony', topic: '', join: 'invite', presence: true },
      ...{ created: 1, head_seq: 10, members: [member(ME), member(OTHER)] },
    }),
  );

  const content = { server: 'capulet.example', banned: true };
  log.takeLive('r', record(11, { kind: 'server', content }));

  expect(room().members).toEqual([member(ME)]);
  expect(room().banned_servers).toEqual(['capulet.example']);

  log.takeLive('r', record(12, { kind: 'server', content: { ...content, banned: false } }));

  expect(room().banned_servers).toEqual([]);
});

test('a room that moves has another hub, and its own server has no name', () => {
  const own = ME.slice(ME.indexOf('@') + 1);
  log.takeLive('r', record(11, { kind: 'hub_move', content: { to: 'verona.example', term: 2 } }));
  expect(room().hub).toBe('verona.example');
  log.takeLive('r', record(12, { kind: 'hub_move', content: { to: own, term: 3 } }));
  expect(room().hub).toBeUndefined();
});

test('old records from history change neither the count nor what is newest', () => {
  log.takePage('r', span(1, 3));

  expect(room()).toMatchObject({
    unread: 0,
    cursor: 10,
    ranges: [
      [1, 3],
      [8, 10],
    ],
  });
});

test('a deletion erases what is kept here, in the list too', async () => {
  log.takeLive('r', record(11));
  log.takeLive('r', record(12, { kind: 'redact', target: 11, content: {} }));
  await cache.saved();

  const [erased] = await store.records('r', 11, 11);
  expect(erased).toMatchObject({ erased: true });
  expect(erased?.content).toBeUndefined();
  expect(room().last_message?.erased).toBe(true);
});

test('a summary that is older than an event does not set the room back', () => {
  log.takeLive('r', record(11));
  const late = summarised(summary(10), room());

  expect(late).toMatchObject({ head_seq: 11, unread: 1 });
});

test('very many records are cut back to the newest', async () => {
  log.takePage('r', span(11, 7000));
  log.prune();
  await cache.saved();

  expect(room().ranges).toEqual([[4001, 7000]]);
  expect(await store.records('r', 0, 4000)).toEqual([]);
});
