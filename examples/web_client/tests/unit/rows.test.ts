import { beforeAll, expect, test, vi } from 'vitest';
import type { LogRecord, Outgoing, Pending } from '#sdk';
import { messageOf } from '#sdk/message.ts';
import type { Row, View } from '../../app/state/rows.ts';
import { ofOutgoing, ofPending } from '../../app/state/unsaid.ts';
import type { Item } from '../../app/state/timeline.ts';

const ME = 'romeo@montague.example';
const OTHER = 'juliet@capulet.example';
const NOON = new Date(2024, 5, 1, 12).getTime();
const MINUTE = 60_000;

let rowsOf: (view: View) => Row[];

beforeAll(async () => {
  // The settings of the browser that these rows are drawn in.
  vi.stubGlobal('navigator', { languages: ['en'] });
  ({ rowsOf } = await import('../../app/state/rows.ts'));
});

function item(seq: number, sender: string, time: number, id = `${seq}`): Item {
  const content = { text: `${seq}` };
  const record: LogRecord = { seq, kind: 'message', sender, time, content, client_msg_id: id };
  return { kind: 'message', seq, message: messageOf(record) };
}

const view = (items: Item[], more: Partial<View> = {}): View => ({
  me: ME,
  items,
  unsaid: [],
  members: [],
  isDirect: true,
  unreadFrom: undefined,
  isAtEnd: true,
  ...more,
});

const waiting = (id: string): Outgoing => ({
  id,
  room: 'r',
  user: ME,
  device: 'd',
  time: NOON,
  state: 'waiting',
  method: 'message.send',
  params: { content: { text: 'soon' } },
});

test('a change of the room that waits for another server is seen at the end', () => {
  const change = { number: 7, room: 'r', kind: 'meta', device: '0', content: { name: 'Balcony' } };
  const refused = { ...change, number: 8, since: NOON, refused: 'forbidden' };
  const unsaid = [{ ...change, since: NOON }, refused].map(ofPending);

  const rows = rowsOf(view([item(1, OTHER, NOON)], { unsaid, unreadFrom: 2 }));

  expect(rows.slice(2)).toMatchObject([
    { kind: 'event', record: { kind: 'meta', sender: ME }, unsaid: { state: 'pending' } },
    { kind: 'event', record: { content: { name: 'Balcony' } }, unsaid: { state: 'failed' } },
  ]);
});

test('each day begins with a line, and messages of a minute belong together', () => {
  const rows = rowsOf(
    view([
      item(1, OTHER, NOON),
      item(2, OTHER, NOON + MINUTE),
      item(3, ME, NOON + 2 * MINUTE),
      item(4, ME, NOON + 24 * 60 * MINUTE),
    ]),
  );

  expect(rows.map(({ kind }) => kind)).toEqual([
    ...['day', 'message', 'message', 'message'],
    ...['day', 'message'],
  ]);
  const ends = rows.flatMap((row) => (row.kind === 'message' ? [[row.isFirst, row.isLast]] : []));
  expect(ends).toEqual([
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test('the line above what is unread stands before the first message of somebody else', () => {
  const items = [item(1, OTHER, NOON), item(2, ME, NOON), item(3, OTHER, NOON)];

  const kinds = rowsOf(view(items, { unreadFrom: 2 })).map(({ key }) => key);

  expect(kinds.slice(-2)).toEqual(['unread', 'm 3']);
});

test('what was read by the other is marked, the rest is sent, the outbox waits at the end', () => {
  const member = { user: OTHER, membership: 'joined', role: 'member', read_seq: 1 } as const;
  const items = [item(1, ME, NOON), item(2, ME, NOON)];

  const rows = rowsOf(view(items, { members: [member], unsaid: [ofOutgoing(waiting('x'))] }));

  const states = rows.flatMap((row) => (row.kind === 'message' ? [row.state] : []));
  expect(states).toEqual(['read', 'sent', 'waiting']);
});

test('what waits is not shown in the middle of the log', () => {
  const rows = rowsOf(
    view([item(1, ME, NOON)], { unsaid: [ofOutgoing(waiting('x'))], isAtEnd: false }),
  );

  expect(rows.filter(({ kind }) => kind === 'message')).toHaveLength(1);
});

test('a reaction, an edit and a deletion show before the server has them', () => {
  const { method: _, params: __, ...base } = waiting('x');
  const outgoing: Outgoing[] = [
    { ...base, method: 'message.react', params: { target: 1, reaction: '👍', set: true } },
    { ...base, method: 'message.edit', params: { target: 2, content: { text: 'new' } } },
    { ...base, method: 'message.redact', params: { target: 3 } },
  ];

  const rows = rowsOf(
    view(
      [1, 2, 3].map((seq) => item(seq, ME, NOON)),
      { unsaid: outgoing.map(ofOutgoing) },
    ),
  );

  const messages = rows.flatMap((row) => (row.kind === 'message' ? [row.message] : []));
  expect(messages[0]?.reactions.get('👍')).toEqual([ME]);
  expect(messages[1]?.content).toEqual({ text: 'new' });
  expect(messages[2]?.content).toBeUndefined();
});

test('what waits for another server shows, until it is a record', () => {
  const pending: Pending = {
    ...{ number: 7, room: 'r', kind: 'message', device: 'd', client_msg_id: 'x', since: NOON },
    content: { text: 'far away' },
  };
  const refused = { ...pending, refused: 'forbidden' };
  const statesOf = (items: Item[], one: Pending) =>
    rowsOf(view(items, { unsaid: [ofPending(one)] })).flatMap((row) =>
      row.kind === 'message' ? [row.state] : [],
    );

  expect(statesOf([], pending)).toEqual(['pending']);
  expect(statesOf([], refused)).toEqual(['failed']);
  expect(statesOf([item(1, ME, NOON, 'x')], pending)).toEqual(['sent']);
});
