import { Cache } from './cache.ts';
import type { Chat, ChatEvents, Snapshot, Status } from './chat_api.ts';
import { Emitter } from './emitter.ts';
import { History, type Page, type Where } from './history.ts';
import type { OpenSocket, ServerEvent } from './line.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import type { Content, LogRecord, Methods, Presence } from './protocol.ts';
import { ReadMarks } from './read_marks.ts';
import { described } from './room.ts';
import { RoomLog } from './room_log.ts';
import { RpcError } from './rpc_error.ts';
import { Session, type LoginMethod } from './session.ts';
import type { Outgoing, Saved, Store } from './store.ts';
import { Syncer } from './syncer.ts';

export interface ChatOptions {
  /** `wss://<host>/ws` */
  url: string;
  store: Store;
  openSocket: OpenSocket;
}

/** One account on one device: connected, in step, and everything it knows in the store. */
export class ChatClient extends Emitter<ChatEvents> implements Chat {
  private readonly session: Session;
  private readonly cache: Cache;
  private readonly log: RoomLog;
  private readonly syncer: Syncer;
  private readonly outbox: Outbox;
  private readonly reader: History;
  private readonly people: People;
  private readonly marks: ReadMarks;
  private readonly presence = new Map<string, Presence>();
  private status: Status = { state: 'signed out' };
  private watched: string | undefined;

  private constructor(options: ChatOptions, saved: Saved) {
    super();
    this.cache = new Cache(options.store, saved, {
      onRows: (table, changed, gone) => this.emit(table, { changed, gone } as never),
      onRecords: (room, records) => this.emit('records', { room, records }),
      onFailure: (error) => this.emit('store failed', { message: String(error) }),
    });
    this.session = new Session(options.url, options.openSocket, {
      onConnecting: () => this.setStatus({ state: 'connecting' }),
      onOffline: (retryAt) => this.onOffline({ state: 'offline', retryAt }),
      onOnline: () => this.onOnline(),
      onEvent: (event) => this.onEvent(event),
      onRevoked: () => void this.onRevoked(),
    });
    this.log = new RoomLog(this.cache);
    this.syncer = new Syncer(this.session, this.cache, this.log, () => void this.onInStep());
    this.outbox = new Outbox(this.session, this.cache, this.log, (id) => this.syncer.repair(id));
    this.reader = new History(this.session, this.cache, this.log);
    this.people = new People(this.session, this.cache);
    this.marks = new ReadMarks(this.session, this.cache);
  }

  /** Reads what is in the store; connects if there is a login in it. */
  static async open(options: ChatOptions): Promise<ChatClient> {
    const client = new ChatClient(options, await options.store.load());
    const account = client.cache.value('account');
    if (account) client.session.start(account.token);
    return client;
  }

  snapshot(): Promise<Snapshot> {
    const { rooms, outbox, pending, contacts, people } = this.cache;
    return Promise.resolve({
      status: this.status,
      me: this.me(),
      rooms: [...rooms.values()],
      outbox: [...outbox.values()],
      pending: [...pending.values()],
      contacts: [...contacts.values()],
      people: [...people.values()],
      presence: [...this.presence.values()],
    });
  }

  signUp(params: Methods['account.sign_up']['params']): Promise<void> {
    return this.enter('account.sign_up', params);
  }

  login(params: Methods['account.login']['params']): Promise<void> {
    return this.enter('account.login', params);
  }

  async logout(): Promise<void> {
    await this.session.call('session.logout', {}).catch(() => undefined);
    await this.forget(() => true);
  }

  call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<Methods[Name]['result']> {
    return this.session.call(method, params);
  }

  send(room: string, content: Content): Promise<string> {
    return this.outbox.add(room, { method: 'message.send', params: { content } });
  }

  edit(room: string, target: number, content: Content): Promise<string> {
    return this.outbox.add(room, { method: 'message.edit', params: { target, content } });
  }

  redact(room: string, target: number): Promise<string> {
    return this.outbox.add(room, { method: 'message.redact', params: { target } });
  }

  react(room: string, target: number, reaction: string, set: boolean): Promise<string> {
    return this.outbox.add(room, { method: 'message.react', params: { target, reaction, set } });
  }

  retry(id: string): Promise<void> {
    this.outbox.again(id);
    return this.cache.saved();
  }

  async cancel(id: string): Promise<boolean> {
    const isCancelled = this.outbox.cancel(id);
    await this.cache.saved();
    return isCancelled;
  }

  async cancelPending(number: number): Promise<void> {
    await this.session.call('message.cancel', { pending: number });
    this.cache.drop('pending', String(number));
  }

  history(room: string, where: Where, limit: number): Promise<Page> {
    return this.reader.page(room, where, limit);
  }

  record(room: string, seq: number): Promise<LogRecord | undefined> {
    return this.reader.record(room, seq);
  }

  async watch(room: string | undefined): Promise<void> {
    this.watched = room;
    if (this.status.state !== 'online') return;
    this.people.askElsewhere();
    await Promise.all([this.watchPresence(), this.describe()]).catch(ignoreRefusal);
  }

  markRead(room: string, seq: number): Promise<void> {
    return this.marks.mark(room, seq);
  }

  setDraft(id: string, draft: string): Promise<void> {
    const room = this.cache.rooms.get(id);
    if (room && room.draft !== draft) this.cache.put('rooms', { ...room, draft });
    return this.cache.saved();
  }

  want(user: string): Promise<void> {
    this.people.want(user);
    return Promise.resolve();
  }

  tryNow(): Promise<void> {
    this.session.tryNow();
    return Promise.resolve();
  }

  /** Ends the line; what waits is sent when a client opens the same store again. */
  async close(): Promise<void> {
    this.outbox.stop();
    this.syncer.stop();
    this.session.stop();
    await this.cache.saved();
  }

  private me(): Snapshot['me'] {
    const account = this.cache.value('account');
    return account && { user: account.user, device: account.device };
  }

  private async enter<Name extends LoginMethod>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<void> {
    const account = await this.session.login(method, params);
    const { user } = account;
    // What an earlier login of the same person left in the outbox is still to be sent.
    await this.forget((out) => out.user !== user);
    this.cache.set('account', account);
    await this.cache.saved();
    this.emit('me', this.me());
    this.session.begin(account.token);
  }

  /** Forgets this login and what it knew, and of the outbox what is not worth keeping. */
  private async forget(isGone: (out: Outgoing) => boolean): Promise<void> {
    await this.close();
    this.presence.clear();
    this.cache.forget(isGone);
    await this.cache.saved();
    this.setStatus({ state: 'signed out' });
    this.emit('me', undefined);
  }

  private async onRevoked(): Promise<void> {
    await this.forget(() => false);
    this.emit('revoked', null);
  }

  private setStatus(status: Status): void {
    this.status = status;
    this.emit('status', status);
  }

  private onOnline(): void {
    this.setStatus({ state: 'syncing' });
    this.people.restart();
    void this.syncer.begin();
  }

  private onOffline(status: Status): void {
    this.syncer.stop();
    this.outbox.stop();
    for (const { user } of this.presence.values()) this.takePresence({ user, state: 'offline' });
    this.presence.clear();
    this.setStatus(status);
  }

  private async onInStep(): Promise<void> {
    this.setStatus({ state: 'online' });
    void this.outbox.go();
    this.marks.pushAll();
    this.log.prune();
    const { presence } = await this.session
      .call('presence.contacts', {})
      .catch(() => ({ presence: [] }));
    for (const one of presence) this.takePresence(one);
    await this.watch(this.watched);
  }

  private async watchPresence(): Promise<void> {
    const room = this.watched === undefined ? {} : { room: this.watched };
    const { presence } = await this.session.call('presence.watch', room);
    for (const one of presence) this.takePresence(one);
  }

  private async describe(): Promise<void> {
    if (this.watched === undefined) return;
    const details = await this.session.call('room.get', { room: this.watched });
    const room = this.cache.rooms.get(details.room);
    if (room) this.cache.put('rooms', described(room, details));
  }

  private takePresence(presence: Presence): void {
    this.presence.set(presence.user, presence);
    this.emit('presence', presence);
  }

  private onEvent(event: ServerEvent): void {
    switch (event.method) {
      case 'room.record':
        return this.syncer.takeRecord(event.params);
      case 'room.read':
        return void this.marks.takeEvent(event.params);
      case 'room.typing':
        return this.emit('typing', event.params);
      case 'presence':
        return this.takePresence(event.params.presence);
      case 'account.changed':
        if (event.params.contact) this.people.askElsewhere();
        return this.syncer.takeChange(event.params);
      case 'hub.changed':
        if (event.params.unreachable_since === undefined) this.people.askElsewhere();
        return this.syncer.takeHub(event.params);
      case 'sync.behind':
        return void this.syncer.begin();
      default: // of a newer server, or the session's
    }
  }
}

/** Who may not see a room's members or presence just does not see them. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof RpcError)) throw error;
}
