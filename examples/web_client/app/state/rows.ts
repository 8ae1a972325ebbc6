import type { LogRecord, Member, Message } from '#sdk';
import { annotated, messageOf } from '#sdk/message.ts';
import { isSameDay } from '../text/times.ts';
import type { Item } from './timeline.ts';
import type { Unsaid } from './unsaid.ts';

export type SendState = 'waiting' | 'pending' | 'failed' | 'sent' | 'read';

/** One line of a conversation. */
export type Row =
  | { kind: 'day'; key: string; time: number }
  | { kind: 'unread'; key: string }
  | {
      kind: 'event';
      key: string;
      record: LogRecord;
      /** It is no record yet. */
      unsaid: Unsaid | undefined;
    }
  | {
      kind: 'message';
      key: string;
      message: Message;
      isOwn: boolean;
      /** Of several by one person in a row, the first and the last. */
      isFirst: boolean;
      isLast: boolean;
      state: SendState | undefined;
      /** What is no record yet: the message, or a change of it. */
      unsaid: Unsaid | undefined;
      /** Who has read up to here, and no further. */
      readers: readonly string[];
    };

export type MessageRow = Extract<Row, { kind: 'message' }>;
export type EventRow = Extract<Row, { kind: 'event' }>;

export interface View {
  me: string;
  items: readonly Item[];
  unsaid: readonly Unsaid[];
  members: readonly Member[];
  isDirect: boolean;
  /** The first message that was unread when the room was opened. */
  unreadFrom: number | undefined;
  /** Whether the end of the log is among the items. */
  isAtEnd: boolean;
}

// The same each time: a row whose properties are the same is not drawn again.
const NOBODY: readonly string[] = [];

const ROOM_CHANGES = new Set(['member', 'meta', 'server']);

const TOGETHER_MS = 5 * 60_000;

/** A change that is no record yet, as the record that it will be. */
function foreseen({ kind, target, time, content }: Unsaid, sender: string): LogRecord {
  return { seq: Number.MAX_SAFE_INTEGER, kind, sender, time, content, ...(target && { target }) };
}

const sending = ({ id, time, content }: Unsaid, sender: string): Message =>
  messageOf({ seq: 0, kind: 'message', sender, time, content, ...(id && { client_msg_id: id }) });

/** Who has read up to which of the messages that are shown. */
function readersBySeq(view: View): Map<number, string[]> {
  const seqs = view.items.filter(({ kind }) => kind === 'message').map(({ seq }) => seq);
  const found = new Map<number, string[]>();
  for (const { user, read_seq } of view.members) {
    const seq = user === view.me ? undefined : seqs.findLast((one) => one <= read_seq);
    const isBeyond = !view.isAtEnd && seq === seqs.at(-1);
    if (seq !== undefined && !isBeyond) found.set(seq, [...(found.get(seq) ?? []), user]);
  }
  return found;
}

function messageRow(message: Message, view: View, more: Partial<MessageRow>): MessageRow {
  return {
    kind: 'message',
    key: `m ${message.id ?? message.seq}`,
    message,
    isOwn: message.sender === view.me,
    isFirst: true,
    isLast: true,
    state: undefined,
    unsaid: undefined,
    readers: NOBODY,
    ...more,
  };
}

function* shownRecords(view: View): Generator<MessageRow | EventRow> {
  const readers = readersBySeq(view);
  const others = view.members.filter(({ user }) => user !== view.me);
  const readTo = Math.max(0, ...others.map(({ read_seq }) => read_seq));
  for (const item of view.items) {
    if (item.kind === 'event') {
      const { record } = item;
      yield { kind: 'event', key: `e ${record.seq}`, record, unsaid: undefined };
      continue;
    }
    const changes = view.unsaid.filter(({ target }) => target === item.seq);
    const message = changes
      .filter(({ state }) => state !== 'failed')
      .reduce((now, change) => annotated(now, foreseen(change, view.me)), item.message);
    const unsaid = changes.find(({ state }) => state === 'failed') ?? changes[0];
    const reached = item.seq <= readTo ? 'read' : 'sent';
    yield messageRow(message, view, {
      unsaid,
      state: unsaid ? unsaid.state : message.sender === view.me ? reached : undefined,
      readers: view.isDirect ? NOBODY : (readers.get(item.seq) ?? NOBODY),
    });
  }
  if (!view.isAtEnd) return;
  // A record may come a moment before the word that it is not pending any more.
  const known = new Set(view.items.map((item) => item.kind === 'message' && item.message.id));
  for (const unsaid of view.unsaid) {
    if (unsaid.kind === 'message' && !known.has(unsaid.id ?? ''))
      yield messageRow(sending(unsaid, view.me), view, { unsaid, state: unsaid.state });
    if (ROOM_CHANGES.has(unsaid.kind)) {
      const record = { ...foreseen(unsaid, view.me), seq: 0 };
      yield { kind: 'event', key: `p ${unsaid.pending}`, record, unsaid };
    }
  }
}

const isTogether = (a: Row | undefined, b: Row): boolean =>
  a?.kind === 'message' &&
  b.kind === 'message' &&
  a.message.sender === b.message.sender &&
  b.message.time - a.message.time < TOGETHER_MS;

/** The lines of a conversation, with days, groups and the line above what is unread. */
export function rowsOf(view: View): Row[] {
  const rows: Row[] = [];
  let before = 0;
  let hasMarked = view.unreadFrom === undefined;
  for (const one of shownRecords(view)) {
    const { time, seq } = one.kind === 'event' ? one.record : one.message;
    if (!isSameDay(before, time)) rows.push({ kind: 'day', key: `d ${seq} ${time}`, time });
    before = time;
    const isUnread = !hasMarked && seq >= (view.unreadFrom ?? 0);
    if (isUnread && !(one.kind === 'message' && one.isOwn)) {
      rows.push({ kind: 'unread', key: 'unread' });
      hasMarked = true;
    }
    rows.push(one);
  }
  rows.forEach((row, index) => {
    if (row.kind !== 'message') return;
    row.isFirst = !isTogether(rows[index - 1], row);
    const next = rows[index + 1];
    row.isLast = !next || !isTogether(row, next);
  });
  return rows;
}
