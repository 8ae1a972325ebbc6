import type { Contact, LogRecord, Pending } from './protocol.ts';
import {
  keyOf,
  type Change,
  type Outgoing,
  type Person,
  type Room,
  type Saved,
  type Store,
  type Tables,
  type Values,
} from './store.ts';

export interface CacheListener {
  /** Rows that changed or went since the last time, of one table. */
  onRows<Name extends keyof Tables>(table: Name, changed: Tables[Name][], gone: string[]): void;
  onRecords(room: string, records: LogRecord[]): void;
  /** The disk took nothing: it may be full. */
  onFailure(error: unknown): void;
}

type Keys = { [Name in keyof Tables]: Map<string, Tables[Name]> };

/**
 * What this device knows, in memory and in the store. All that is changed without an `await` in
 * between is written as one transaction and told as one change.
 */
export class Cache {
  readonly rooms: ReadonlyMap<string, Room>;
  readonly outbox: ReadonlyMap<string, Outgoing>;
  readonly pending: ReadonlyMap<string, Pending>;
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly people: ReadonlyMap<string, Person>;
  private readonly tables: Keys;
  private values: Partial<Values>;
  private unwritten: Change[] = [];
  private added = new Map<string, LogRecord[]>();
  private touched = new Map<keyof Tables, Set<string>>();
  private writing: Promise<void> | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Store,
    saved: Saved,
    private readonly listener: CacheListener,
  ) {
    this.values = saved.values;
    this.tables = {
      rooms: new Map(saved.rooms.map((row) => [row.room, row])),
      outbox: new Map(saved.outbox.map((row) => [row.id, row])),
      pending: new Map(saved.pending.map((row) => [String(row.number), row])),
      contacts: new Map(saved.contacts.map((row) => [row.user, row])),
      people: new Map(saved.people.map((row) => [row.user, row])),
    };
    ({ rooms: this.rooms, outbox: this.outbox, pending: this.pending } = this.tables);
    ({ contacts: this.contacts, people: this.people } = this.tables);
  }

  value<Name extends keyof Values>(name: Name): Values[Name] | undefined {
    return this.values[name];
  }

  set<Name extends keyof Values>(name: Name, value: Values[Name]): void {
    this.values[name] = value;
    this.note({ set: name, value });
  }

  put<Name extends keyof Tables>(table: Name, row: Tables[Name]): void {
    const key = keyOf(row);
    this.tables[table].set(key, row);
    this.touch(table, key);
    this.note({ put: table, value: row } as Change);
  }

  drop(table: keyof Tables, key: string): void {
    if (!this.tables[table].delete(key)) return;
    this.touch(table, key);
    this.note({ drop: table, key });
  }

  addRecords(room: string, records: LogRecord[]): void {
    this.note({ add: room, records });
    this.added.set(room, [...(this.added.get(room) ?? []), ...records]);
  }

  erase(room: string, target: number): void {
    this.note({ erase: room, target });
  }

  forgetRecords(room: string, before?: number): void {
    this.note({ forget: room, ...(before !== undefined && { before }) });
  }

  /** All but the last id, and what of the outbox is worth keeping. */
  forget(isGone: (out: Outgoing) => boolean): void {
    for (const room of this.rooms.keys()) {
      this.forgetRecords(room);
      this.drop('rooms', room);
    }
    for (const user of this.contacts.keys()) this.drop('contacts', user);
    for (const number of this.pending.keys()) this.drop('pending', number);
    for (const user of this.people.keys()) this.drop('people', user);
    for (const out of this.outbox.values()) if (isGone(out)) this.drop('outbox', out.id);
    const { last_msg_id } = this.values;
    this.values = last_msg_id === undefined ? {} : { last_msg_id };
    this.note({ set: 'account', value: undefined });
    this.note({ set: 'account_version', value: undefined });
  }

  /** Resolves once everything changed so far is on disk; fails if the disk did not take it. */
  saved(): Promise<void> {
    return this.writing ?? this.last;
  }

  async records(room: string, from: number, to: number): Promise<LogRecord[]> {
    await this.saved().catch(() => undefined);
    return this.store.records(room, from, to);
  }

  async annotations(room: string, from: number, to: number): Promise<LogRecord[]> {
    await this.saved().catch(() => undefined);
    return this.store.annotations(room, from, to);
  }

  private touch(table: keyof Tables, key: string): void {
    const keys = this.touched.get(table) ?? new Set();
    this.touched.set(table, keys.add(key));
  }

  private note(change: Change): void {
    this.unwritten.push(change);
    this.writing ??= Promise.resolve().then(() => this.write());
    this.writing.catch(() => undefined);
  }

  private write(): Promise<void> {
    const changes = this.unwritten;
    this.unwritten = [];
    this.writing = undefined;
    this.last = this.store.apply(changes);
    this.last.catch((error: unknown) => this.listener.onFailure(error));
    this.tell();
    return this.last;
  }

  private tell(): void {
    const { touched, added } = this;
    this.touched = new Map();
    this.added = new Map();
    for (const [table, keys] of touched) this.tellRows(table, keys);
    for (const [room, records] of added) this.listener.onRecords(room, records);
  }

  private tellRows(table: keyof Tables, keys: Set<string>): void {
    const rows: ReadonlyMap<string, Tables[typeof table]> = this.tables[table];
    const changed = [...keys].flatMap((key) => rows.get(key) ?? []);
    this.listener.onRows(
      table,
      changed,
      [...keys].filter((key) => !rows.has(key)),
    );
  }
}
