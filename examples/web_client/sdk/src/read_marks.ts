import type { Cache } from './cache.ts';
import type { Events } from './protocol.ts';
import { readBy } from './room.ts';
import type { Session } from './session.ts';
import type { Room } from './store.ts';

/** How far this account and the others have read. */
export class ReadMarks {
  private readonly sending = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly cache: Cache,
  ) {}

  /** The person has seen everything up to here; the server learns of it when it can. */
  async mark(id: string, seq: number): Promise<void> {
    await this.move(id, seq);
    this.push(id);
  }

  /** After a sync: what the server does not know yet. */
  pushAll(): void {
    for (const id of this.cache.rooms.keys()) this.push(id);
  }

  async takeEvent({ room: id, user, seq }: Events['room.read']): Promise<void> {
    const room = this.cache.rooms.get(id);
    if (!room) return;
    const isMe = user === this.cache.value('account')?.user;
    const read_seq = isMe ? Math.max(room.read_seq, seq) : room.read_seq;
    this.cache.put('rooms', { ...readBy(room, user, seq), read_seq });
    if (isMe) await this.move(id, seq);
  }

  private async move(id: string, seq: number): Promise<void> {
    const before = this.cache.rooms.get(id);
    if (!before || seq <= before.marked) return;
    const read = await this.unreadIn(before, seq);
    const room = this.cache.rooms.get(id);
    if (!room || seq <= room.marked) return;
    const isAll = seq >= room.head_seq;
    const unread = isAll ? 0 : Math.max(0, room.unread - read);
    const mentioned = room.mentioned && unread > 0;
    this.cache.put('rooms', { ...room, marked: seq, unread, mentioned });
  }

  /** How many messages of others are between the mark and a number, as far as they are here. */
  private async unreadIn(room: Room, seq: number): Promise<number> {
    if (seq >= room.head_seq) return room.unread;
    const me = this.cache.value('account')?.user;
    const records = await this.cache.records(room.room, room.marked + 1, seq);
    return records.filter(({ kind, sender }) => kind === 'message' && sender !== me).length;
  }

  private push(id: string): void {
    const room = this.cache.rooms.get(id);
    if (!room || room.marked <= room.read_seq || this.sending.has(id)) return;
    const { marked } = room;
    this.sending.add(id);
    this.session.call('receipt.read', { room: id, seq: marked }).then(
      () => {
        this.sending.delete(id);
        const now = this.cache.rooms.get(id);
        if (!now) return;
        this.cache.put('rooms', { ...now, read_seq: Math.max(now.read_seq, marked) });
        this.push(id);
      },
      // The next sync sees to it.
      () => this.sending.delete(id),
    );
  }
}
