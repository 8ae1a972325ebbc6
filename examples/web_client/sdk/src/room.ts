import type { LogRecord, Member, Methods, RoomSummary } from './protocol.ts';
import { erased, type Room } from './store.ts';

const UNKNOWN = {
  cursor: 0,
  ranges: [],
  floor: 1,
  topic: '',
  join: 'invite' as const,
  presence: false,
  members: [],
  state_seq: 0,
  draft: '',
};

/** The room as the server sums it up, with what this device knew of it. */
export function summarised(summary: RoomSummary, known: Room | undefined): Room {
  const { cursor, ranges, floor, topic, join, presence, members, state_seq, draft } =
    known ?? UNKNOWN;
  const banned_servers = known?.banned_servers;
  const marked = Math.max(known?.marked ?? 0, summary.read_seq);
  const room: Room = {
    ...summary,
    ...{ cursor, ranges, floor, topic, join, presence, members, state_seq, draft, marked },
    ...(banned_servers && { banned_servers }),
    counted: summary.head_seq,
    mentioned: (known?.mentioned ?? false) && summary.unread > 0,
  };
  if (known && known.counted > summary.head_seq) {
    // An event was faster than this summary.
    room.head_seq = known.head_seq;
    room.counted = known.counted;
    room.unread = known.unread;
    room.last_active = known.last_active;
    if (known.last_message) room.last_message = known.last_message;
  }
  if (marked >= room.head_seq) {
    room.unread = 0;
    room.mentioned = false;
  }
  return room;
}

/** The room with its members and rules as `room.get` gave them. */
export function described(room: Room, details: Methods['room.get']['result']): Room {
  const { name, topic, join, presence, members, head_seq, banned_servers = [] } = details;
  if (head_seq < room.state_seq) return room;
  return { ...room, name, topic, join, presence, members, banned_servers, state_seq: head_seq };
}

/** Whether a message in this room speaks to someone. */
export function mentions(record: LogRecord, user: string): boolean {
  const { mentions: list } = (record.content ?? {}) as { mentions?: unknown };
  return Array.isArray(list) && list.includes(user);
}

/** The room at its new hub; that of its own server is not named. */
function moved(room: Room, record: LogRecord, me: string): Room {
  const { to } = record.content as unknown as { to: string };
  const { hub: _, unreachable_since: __, ...rest } = room;
  return me.endsWith(`@${to}`) ? rest : { ...rest, hub: to };
}

/** The room after a record that came after all that it knows of. */
export function advanced(room: Room, record: LogRecord, me: string): Room {
  const next: Room = {
    ...stateAfter(room, record),
    head_seq: Math.max(room.head_seq, record.seq),
    counted: record.seq,
    last_active: Math.max(room.last_active, record.time),
  };
  const last = room.last_message;
  if (last && last.seq === record.target) {
    if (record.kind === 'redact') next.last_message = erased(last);
    if (record.kind === 'edit' && record.content)
      next.last_message = { ...last, content: record.content };
  }
  if (record.kind === 'hub_move') return moved(next, record, me);
  if (record.kind !== 'message') return next;
  next.last_message = record;
  if (record.sender === me) {
    next.read_seq = next.marked = record.seq;
    next.unread = 0;
    next.mentioned = false;
  } else {
    next.unread = room.unread + 1;
    next.mentioned ||= mentions(record, me);
  }
  return next;
}

/** Members and rules after a record, if they do not know of it yet. */
export function stateAfter(room: Room, record: LogRecord): Room {
  if (record.seq <= room.state_seq || room.state_seq === 0) return room;
  const state_seq = record.seq;
  if (record.kind === 'meta') {
    const { name, topic, join, presence } = (record.content ?? {}) as Partial<Room>;
    return {
      ...room,
      state_seq,
      name: name ?? room.name,
      topic: topic ?? room.topic,
      join: join ?? room.join,
      presence: presence ?? room.presence,
    };
  }
  if (record.kind === 'server') {
    const { server, banned } = record.content as unknown as { server: string; banned: boolean };
    const isOut = ({ user, membership }: Member): boolean =>
      banned && membership !== 'banned' && user.endsWith(`@${server}`);
    const members = room.members.filter((member) => !isOut(member));
    const others = room.banned_servers?.filter((one) => one !== server) ?? [];
    const banned_servers = banned ? [...others, server] : others;
    return { ...room, state_seq, members, banned_servers };
  }
  if (record.kind !== 'member') return { ...room, state_seq };
  const { user, membership, role } = record.content as unknown as Member;
  const read_seq = room.members.find((member) => member.user === user)?.read_seq ?? 0;
  const others = room.members.filter((member) => member.user !== user);
  const stays = membership === 'joined' || membership === 'invited' || membership === 'banned';
  const members = stays ? [...others, { user, membership, role, read_seq }] : others;
  return { ...room, state_seq, members };
}

/** The room after someone's read marker moved. */
export function readBy(room: Room, user: string, seq: number): Room {
  const members = room.members.map((member) =>
    member.user === user && member.read_seq < seq ? { ...member, read_seq: seq } : member,
  );
  return { ...room, members };
}
