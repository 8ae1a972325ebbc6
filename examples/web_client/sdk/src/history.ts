import type { Cache } from './cache.ts';
import type { LogRecord, Methods } from './protocol.ts';
import { rangeAt } from './ranges.ts';
import type { RoomLog } from './room_log.ts';
import type { Session } from './session.ts';
import type { Room } from './store.ts';

export type Where = 'newest' | { before: number } | { after: number } | { around: number };

/** Records that follow each other, and what was said of them later, as far as it is here. */
export interface Page {
  records: LogRecord[];
  annotations: LogRecord[];
  hasBefore: boolean;
  hasAfter: boolean;
}

type Span = readonly [from: number, to: number];

/** The part of what is here that a reader wants; undefined: the server must be asked. */
function held(room: Room, where: Where, limit: number): Span | undefined {
  if (where === 'newest') {
    const range = rangeAt(room.ranges, room.cursor);
    return range && [Math.max(range[0], range[1] - limit + 1), range[1]];
  }
  if ('before' in where) {
    const range = rangeAt(room.ranges, where.before - 1);
    return range && [Math.max(range[0], where.before - limit), where.before - 1];
  }
  if ('after' in where) {
    const range = rangeAt(room.ranges, where.after + 1);
    return range && [where.after + 1, Math.min(range[1], where.after + limit)];
  }
  const range = rangeAt(room.ranges, where.around);
  const from = Math.max(range?.[0] ?? 0, where.around - Math.floor(limit / 2));
  return range && [from, Math.min(range[1], from + limit - 1)];
}

/** Reads a room's log: what is here from the store, the rest from the server. */
export class History {
  constructor(
    private readonly session: Session,
    private readonly cache: Cache,
    private readonly log: RoomLog,
  ) {}

  async page(id: string, where: Where, limit: number): Promise<Page> {
    const room = this.cache.rooms.get(id);
    const here = room && held(room, where, limit);
    if (here) return this.read(id, here);
    const answer = await this.session.call('history.get', {
      room: id,
      limit,
      ...(where !== 'newest' && where),
    });
    this.take(id, answer);
    const { records } = answer;
    return this.read(id, [records[0]?.seq ?? 1, records.at(-1)?.seq ?? 0]);
  }

  /** One record, for who answers it. */
  async record(id: string, seq: number): Promise<LogRecord | undefined> {
    const { records } = await this.page(id, { around: seq }, 1);
    return records.find((record) => record.seq === seq);
  }

  private take(id: string, answer: Methods['history.get']['result']): void {
    this.log.takePage(id, answer.records);
    const room = this.cache.rooms.get(id);
    const first = answer.records[0];
    if (room && first && !answer.has_before && room.floor !== first.seq)
      this.cache.put('rooms', { ...room, floor: first.seq });
  }

  private async read(id: string, [from, to]: Span): Promise<Page> {
    const [records, annotations] = await Promise.all([
      this.cache.records(id, from, to),
      this.cache.annotations(id, from, to),
    ]);
    const room = this.cache.rooms.get(id);
    return {
      records,
      annotations,
      hasBefore: from > (room?.floor ?? 1),
      hasAfter: to < (room?.head_seq ?? 0),
    };
  }
}
