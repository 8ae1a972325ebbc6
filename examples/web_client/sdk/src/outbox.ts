import type { Cache } from './cache.ts';
import { MsgIds, timeOfMsgId } from './msg_id.ts';
import type { JsonObject, Methods } from './protocol.ts';
import { isPassing, RpcError } from './rpc_error.ts';
import type { RoomLog } from './room_log.ts';
import type { Session } from './session.ts';
import type { Outgoing, OutgoingAction } from './store.ts';

const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;
const PAGE = 200;
// How far the clock of this device may be ahead of the server's.
const CLOCK_SLACK_MS = 10 * 60_000;

const KINDS = {
  'message.send': 'message',
  'message.edit': 'edit',
  'message.redact': 'redact',
  'message.react': 'reaction',
} as const;

type Answer = Methods['message.send']['result'];

/** Keeps what was said until the server has it; sends it once, and in order in each room. */
export class Outbox {
  private readonly ids: MsgIds;
  private readonly sending = new Set<string>();
  private isOpen = false;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly cache: Cache,
    private readonly log: RoomLog,
    private readonly onGap: (room: string) => void,
  ) {
    this.ids = new MsgIds(cache.value('last_msg_id'));
  }

  /** Resolves with the id once it is on this device's disk. */
  async add(room: string, action: OutgoingAction): Promise<string> {
    const id = this.ids.next();
    const { user, device } = this.cache.value('account') ?? { user: '', device: '' };
    const time = Date.now();
    this.cache.set('last_msg_id', id);
    this.cache.put('outbox', { ...action, id, room, user, device, time, state: 'waiting' });
    try {
      await this.cache.saved();
    } catch (error) {
      // Whoever said it is told; unless another message's turn took it along already.
      if (this.cancel(id)) throw error;
    }
    this.sendAll();
    return id;
  }

  /** The line is up and this device in step. */
  async go(): Promise<void> {
    this.isOpen = true;
    try {
      await this.adopt();
      this.failures = 0;
    } catch (error) {
      this.tryLater(error);
    }
    this.sendAll();
  }

  stop(): void {
    clearTimeout(this.retry);
    this.isOpen = false;
  }

  /** The person wants it tried again. */
  again(id: string): void {
    const out = this.cache.outbox.get(id);
    if (out?.state !== 'failed') return;
    const { error: _, ...rest } = out;
    this.cache.put('outbox', { ...rest, state: 'waiting' });
    this.sendAll();
  }

  /** Whether it could be taken back; what is on its way can not. */
  cancel(id: string): boolean {
    if (this.sending.has(id) || !this.cache.outbox.has(id)) return false;
    this.cache.drop('outbox', id);
    return true;
  }

  private sendAll(): void {
    if (!this.isOpen) return;
    const busy = new Set<string>();
    for (const id of this.sending) busy.add(this.cache.outbox.get(id)?.room ?? '');
    for (const out of this.cache.outbox.values()) {
      if (out.state === 'failed' || busy.has(out.room)) continue;
      busy.add(out.room);
      void this.send(out);
    }
  }

  private async send(out: Outgoing): Promise<void> {
    this.sending.add(out.id);
    try {
      const params = { room: out.room, client_msg_id: out.id, ...out.params };
      const answer = await this.session.call(out.method, params);
      this.sending.delete(out.id);
      this.failures = 0;
      this.takeAnswer(out, answer);
    } catch (error) {
      this.sending.delete(out.id);
      this.takeError(out, error);
    }
    this.sendAll();
  }

  private takeAnswer(out: Outgoing, { seq, time, pending }: Answer): void {
    this.cache.drop('outbox', out.id);
    const { user, device } = this.cache.value('account') ?? { user: '', device: '' };
    const said = {
      kind: KINDS[out.method],
      device,
      client_msg_id: out.id,
      ...('target' in out.params && { target: out.params.target }),
      content: contentOf(out),
    };
    if (pending !== undefined) {
      // The room's server has not answered ours; its record comes as an event.
      this.cache.put('pending', { ...said, number: pending, room: out.room, since: time });
      return;
    }
    // Who sent a record is not told of it: the answer and what was said make it up.
    const fit = this.log.takeLive(out.room, { ...said, seq, time, sender: user });
    if (fit === 'gap') this.onGap(out.room);
  }

  private takeError(out: Outgoing, error: unknown): void {
    if (isPassing(error) || !(error instanceof RpcError)) return this.tryLater(error);
    if (error.code === 'unauthenticated') return this.stop();
    const { code, message } = error;
    this.cache.put('outbox', { ...out, state: 'failed', error: { code, message } });
  }

  private tryLater(error: unknown): void {
    if (!(error instanceof RpcError)) throw error;
    this.stop();
    // After a lost line the next login opens the outbox.
    if (error.code === 'disconnected') return;
    const wait = Math.min(RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS);
    this.retry = setTimeout(() => void this.go(), error.retryAfterMs ?? wait);
  }

  /** What an earlier login of this account left behind: the server may have it already. */
  private async adopt(): Promise<void> {
    const device = this.cache.value('account')?.device ?? '';
    const strange = [...this.cache.outbox.values()].filter((out) => out.device !== device);
    for (const room of new Set(strange.map((out) => out.room))) {
      const mine = strange.filter((out) => out.room === room);
      const oldest = Math.min(...mine.map(({ id }) => timeOfMsgId(id))) - CLOCK_SLACK_MS;
      const posted = await this.postedSince(room, oldest).catch(rethrowPassing);
      for (const out of mine) {
        if (!posted || posted.has(out.id)) this.cache.drop('outbox', out.id);
        else this.cache.put('outbox', { ...out, device });
      }
    }
  }

  private async postedSince(room: string, time: number): Promise<Set<string>> {
    const found = new Set<string>();
    let before: number | undefined;
    for (;;) {
      const { records, has_before } = await this.session.call('history.get', {
        room,
        limit: PAGE,
        ...(before !== undefined && { before }),
      });
      for (const { client_msg_id } of records) if (client_msg_id) found.add(client_msg_id);
      const first = records[0];
      if (!first || !has_before || first.time < time) return found;
      before = first.seq;
    }
  }
}

/** Nothing can be sent to a room that this account is no longer in. */
function rethrowPassing(error: unknown): undefined {
  if (isPassing(error) || !(error instanceof RpcError)) throw error;
}

function contentOf(out: Outgoing): JsonObject {
  if (out.method === 'message.react') return { reaction: out.params.reaction, set: out.params.set };
  return 'content' in out.params ? { ...out.params.content } : {};
}
