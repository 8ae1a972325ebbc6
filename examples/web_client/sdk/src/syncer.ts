import type { Cache } from './cache.ts';
import type { Events, Methods, Pending, RoomSummary } from './protocol.ts';
import { isPassing, RpcError } from './rpc_error.ts';
import { summarised } from './room.ts';
import type { RoomLog } from './room_log.ts';
import type { Session } from './session.ts';

const MAX_CURSORS = 5000; // more are refused; rooms beyond are sent anew
const ROOMS_PER_PAGE = 50;
const RECORDS_PER_ROOM = 30;
const GAP_PAGE = 500;
// Who missed more than this starts the room afresh and reads back on demand.
const MAX_GAP = 5000;
const RETRY_MS = 2000;

type SyncResult = Methods['sync']['result'];

/** Brings this device in step with the server, and keeps it there. */
export class Syncer {
  private isRunning = false;
  private isAgainWanted = false;
  private readonly gaps = new Set<string>();
  private isRepairing = false;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly cache: Cache,
    private readonly log: RoomLog,
    private readonly onInStep: () => void,
  ) {}

  /** Asks what changed since this device last looked. */
  async begin(): Promise<void> {
    clearTimeout(this.retry);
    this.isAgainWanted = this.isRunning;
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      await this.ask();
    } catch (error) {
      this.tryLater(error, () => void this.begin());
      return;
    } finally {
      this.isRunning = false;
    }
    if (this.isAgainWanted) return this.begin();
    this.onInStep();
    await this.repairAll();
  }

  takeRecord({ room, record }: Events['room.record']): void {
    const fit = this.log.takeLive(room, record);
    if (fit === 'no such room') void this.begin();
    if (fit === 'gap') this.repair(room);
  }

  takeChange(change: Events['account.changed']): void {
    const held = this.cache.value('account_version') ?? 0;
    if (change.account_version < held) return;
    if (change.profile) this.cache.put('people', change.profile);
    if (change.contact) this.takeContact(change.contact);
    if (change.gone !== undefined) this.takeGone(change.gone);
    if (change.room) this.takeSummary(change.room);
    if (change.pending) this.cache.put('pending', change.pending);
    if (change.settled !== undefined) this.cache.drop('pending', String(change.settled));
    if (change.account_version === held + 1 && !this.isRunning)
      this.cache.set('account_version', change.account_version);
    // A change before this one did not come.
    if (change.account_version > held + 1) void this.begin();
  }

  takeHub({ hub, unreachable_since }: Events['hub.changed']): void {
    for (const room of this.cache.rooms.values()) {
      if (room.hub !== hub) continue;
      const { unreachable_since: _, ...rest } = room;
      const now = unreachable_since === undefined ? rest : { ...rest, unreachable_since };
      this.cache.put('rooms', now);
    }
  }

  /** Fetches what is missing after the room's cursor. */
  repair(room: string): void {
    this.gaps.add(room);
    void this.repairAll();
  }

  stop(): void {
    clearTimeout(this.retry);
    this.gaps.clear();
  }

  private async ask(): Promise<void> {
    const rooms = [...this.cache.rooms.values()]
      .slice(0, MAX_CURSORS)
      .map(({ room, cursor }) => ({ room, seq: cursor }));
    const account_version = this.cache.value('account_version') ?? 0;
    let after: string | undefined;
    do {
      const page: SyncResult = await this.session.call('sync', {
        account_version,
        rooms,
        max_rooms: ROOMS_PER_PAGE,
        records_per_room: RECORDS_PER_ROOM,
        ...(after !== undefined && { after }),
      });
      this.takePage(page);
      after = page.next;
    } while (after !== undefined);
  }

  private takePage(page: SyncResult): void {
    if (page.profile) this.cache.put('people', page.profile);
    for (const contact of page.contacts) this.takeContact(contact);
    if (page.pending) this.replacePending(page.pending);
    for (const room of page.gone) this.takeGone(room);
    for (const { summary, records, from_seq } of page.rooms) {
      const cursor = this.cache.rooms.get(summary.room)?.cursor ?? 0;
      if (cursor > 0 && from_seq > cursor + MAX_GAP) this.log.startAfresh(summary.room);
      this.takeSummary(summary);
      this.log.takePage(summary.room, records);
      const now = this.cache.rooms.get(summary.room);
      if (now && now.cursor > 0 && now.cursor < now.head_seq) this.gaps.add(summary.room);
    }
    // Only with the last page: who is interrupted before gets the same changes again.
    if (page.next === undefined) this.cache.set('account_version', page.account_version);
  }

  private replacePending(all: readonly Pending[]): void {
    for (const number of this.cache.pending.keys()) this.cache.drop('pending', number);
    for (const pending of all) this.cache.put('pending', pending);
  }

  private takeContact(contact: SyncResult['contacts'][number]): void {
    if (contact.state === 'none' && !contact.blocked) this.cache.drop('contacts', contact.user);
    else this.cache.put('contacts', contact);
  }

  private takeGone(room: string): void {
    this.cache.drop('rooms', room);
    this.cache.forgetRecords(room);
    for (const { id } of [...this.cache.outbox.values()].filter((out) => out.room === room))
      this.cache.drop('outbox', id);
  }

  private takeSummary(summary: RoomSummary): void {
    const room = summarised(summary, this.cache.rooms.get(summary.room));
    this.cache.put('rooms', room);
    if (room.membership === 'joined' && room.cursor > 0 && room.cursor < room.head_seq)
      this.gaps.add(summary.room);
  }

  private async repairAll(): Promise<void> {
    if (this.isRepairing) return;
    this.isRepairing = true;
    try {
      for (let room = first(this.gaps); room !== undefined; room = first(this.gaps)) {
        if (!(await this.repairOnce(room))) this.gaps.delete(room);
      }
    } catch (error) {
      this.tryLater(error, () => void this.repairAll());
    } finally {
      this.isRepairing = false;
    }
  }

  /** One page more; whether another is needed. */
  private async repairOnce(id: string): Promise<boolean> {
    const room = this.cache.rooms.get(id);
    if (!room || room.membership !== 'joined' || room.cursor >= room.head_seq) return false;
    try {
      const { records } = await this.session.call('history.get', {
        room: id,
        after: room.cursor,
        limit: GAP_PAGE,
      });
      this.log.takePage(id, records);
      const now = this.cache.rooms.get(id);
      return now !== undefined && now.cursor > room.cursor && now.cursor < now.head_seq;
    } catch (error) {
      if (isPassing(error)) throw error;
      return false; // no longer in it, as a sync will say
    }
  }

  private tryLater(error: unknown, again: () => void): void {
    if (!(error instanceof RpcError)) throw error;
    // After a lost line the next login begins anew.
    if (error.code === 'disconnected') return this.gaps.clear();
    clearTimeout(this.retry);
    this.retry = setTimeout(again, error.retryAfterMs ?? RETRY_MS);
  }
}

const first = <T>(set: ReadonlySet<T>): T | undefined => set.values().next().value;
