import type { Cache } from './cache.ts';
import type { LogRecord } from './protocol.ts';
import { addRange, rangeAt, type Range } from './ranges.ts';
import { advanced, stateAfter } from './room.ts';
import type { Room } from './store.ts';

// More than this in one room are cut back to the newest ones, whenever this device gets in step.
const MOST_KEPT = 6000;
const KEPT = 3000;

export type Fit = 'taken' | 'known' | 'gap' | 'no such room';

/** Puts records where they belong in the log of their room. */
export class RoomLog {
  constructor(private readonly cache: Cache) {}

  /** A record that just came to be; on a gap it is left for whoever closes that. */
  takeLive(id: string, record: LogRecord): Fit {
    const room = this.cache.rooms.get(id);
    if (!room) return 'no such room';
    if (rangeAt(room.ranges, record.seq)) return 'known';
    if (room.cursor > 0 && record.seq !== room.cursor + 1) {
      if (record.seq > room.head_seq) this.cache.put('rooms', { ...room, head_seq: record.seq });
      return 'gap';
    }
    this.takePage(id, [record]);
    return 'taken';
  }

  /** Records that follow each other, from anywhere in the log. */
  takePage(id: string, records: readonly LogRecord[]): void {
    const room = this.cache.rooms.get(id);
    const first = records[0];
    const last = records.at(-1);
    if (!room || !first || !last) return;
    const unknown = records.filter(({ seq }) => !rangeAt(room.ranges, seq));
    if (unknown.length === 0) return;
    this.cache.addRecords(id, unknown);
    for (const { kind, target } of unknown)
      if (kind === 'redact' && target !== undefined) this.cache.erase(id, target);

    const ranges = addRange(room.ranges, first.seq, last.seq);
    const cursor = room.cursor === 0 ? last.seq : (rangeAt(ranges, room.cursor)?.[1] ?? last.seq);
    const me = this.cache.value('account')?.user ?? '';
    const next = unknown.reduce<Room>(
      (state, record) =>
        record.seq > state.counted ? advanced(state, record, me) : stateAfter(state, record),
      room,
    );
    this.cache.put('rooms', { ...next, ranges, cursor });
  }

  /** Forgets the oldest records of each room that has very many; the server keeps them. */
  prune(): void {
    for (const [id, room] of this.cache.rooms) {
      const count = room.ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
      if (count <= MOST_KEPT) continue;
      const first = room.cursor - KEPT + 1;
      this.cache.forgetRecords(id, first);
      const ranges = room.ranges
        .filter(([, to]) => to >= first)
        .map(([from, to]): Range => [Math.max(from, first), to]);
      this.cache.put('rooms', { ...room, ranges });
    }
  }

  /** Starts the room afresh: too much was missed to fetch it all. */
  startAfresh(id: string): void {
    const room = this.cache.rooms.get(id);
    if (!room) return;
    this.cache.forgetRecords(id);
    this.cache.put('rooms', { ...room, ranges: [], cursor: 0 });
  }
}
