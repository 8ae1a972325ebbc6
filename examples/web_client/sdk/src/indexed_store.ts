import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Contact, LogRecord, Pending } from './protocol.ts';
import {
  erased,
  type Change,
  type Outgoing,
  type Person,
  type Room,
  type Saved,
  type Store,
} from './store.ts';

type StoredRecord = LogRecord & { room: string };

interface Schema extends DBSchema {
  values: { key: string; value: unknown };
  rooms: { key: string; value: Room };
  outbox: { key: string; value: Outgoing };
  pending: { key: number; value: Pending };
  contacts: { key: string; value: Contact };
  people: { key: string; value: Person };
  records: {
    key: [string, number];
    value: StoredRecord;
    indexes: { target: [string, number] };
  };
}

const TABLES = ['values', 'rooms', 'outbox', 'pending', 'contacts', 'people', 'records'] as const;
const VERSION = 2;

type Transaction = IDBPTransaction<Schema, typeof TABLES, 'readwrite'>;

function upgrade(database: IDBPDatabase<Schema>, oldVersion: number): void {
  if (oldVersion < 1) {
    database.createObjectStore('values');
    database.createObjectStore('rooms', { keyPath: 'room' });
    database.createObjectStore('outbox', { keyPath: 'id' });
    database.createObjectStore('contacts', { keyPath: 'user' });
    database.createObjectStore('people', { keyPath: 'user' });
    const records = database.createObjectStore('records', { keyPath: ['room', 'seq'] });
    records.createIndex('target', ['room', 'target']);
  }
  if (oldVersion < 2) database.createObjectStore('pending', { keyPath: 'number' });
}

async function erase(tx: Transaction, room: string, target: number): Promise<void> {
  const records = tx.objectStore('records');
  const edits = await records.index('target').getAll([room, target]);
  const message = await records.get([room, target]);
  const all = edits.filter(({ kind }) => kind === 'edit');
  for (const record of message ? [message, ...all] : all)
    await records.put({ ...erased(record), room });
}

/** Keeps everything in the browser's IndexedDB. */
export class IndexedStore implements Store {
  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  static async open(name: string): Promise<IndexedStore> {
    const database = await openDB<Schema>(name, VERSION, {
      upgrade,
      // A tab of a newer version wants to change the tables: it comes first.
      blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
    });
    return new IndexedStore(database);
  }

  async load(): Promise<Saved> {
    const tx = this.database.transaction(TABLES);
    const values = tx.objectStore('values');
    const [keys, rows, rooms, outbox, pending, contacts, people] = await Promise.all([
      values.getAllKeys(),
      values.getAll(),
      tx.objectStore('rooms').getAll(),
      tx.objectStore('outbox').getAll(),
      tx.objectStore('pending').getAll(),
      tx.objectStore('contacts').getAll(),
      tx.objectStore('people').getAll(),
    ]);
    const pairs = keys.map((key, index) => [key, rows[index]]);
    const named = Object.fromEntries(pairs) as Saved['values'];
    return { values: named, rooms, outbox, pending, contacts, people };
  }

  async apply(changes: Change[]): Promise<void> {
    // What a person said must survive a power cut; the rest is on the server.
    const isSaid = changes.some((change) => 'put' in change && change.put === 'outbox');
    const durability = isSaid ? 'strict' : 'relaxed';
    const tx = this.database.transaction(TABLES, 'readwrite', { durability });
    try {
      for (const change of changes) await this.applyOne(tx, change);
    } catch (error) {
      tx.abort();
      await tx.done.catch(() => undefined);
      throw error;
    }
    await tx.done;
  }

  async records(room: string, from: number, to: number): Promise<LogRecord[]> {
    return this.database.getAll('records', IDBKeyRange.bound([room, from], [room, to]));
  }

  async annotations(room: string, from: number, to: number): Promise<LogRecord[]> {
    const range = IDBKeyRange.bound([room, from], [room, to]);
    const found = await this.database.getAllFromIndex('records', 'target', range);
    return found.sort((a, b) => a.seq - b.seq);
  }

  private async applyOne(tx: Transaction, change: Change): Promise<void> {
    if ('put' in change) {
      const table = tx.objectStore(change.put) as { put(value: unknown): Promise<unknown> };
      await table.put(change.value);
    } else if ('drop' in change) {
      const { key } = change;
      if (change.drop === 'pending') await tx.objectStore('pending').delete(Number(key));
      else await tx.objectStore(change.drop).delete(key);
    } else if ('set' in change) {
      await tx.objectStore('values').put(change.value, change.set);
    } else if ('add' in change) {
      const records = tx.objectStore('records');
      const { add: room } = change;
      await Promise.all(change.records.map((record) => records.put({ ...record, room })));
    } else if ('erase' in change) {
      await erase(tx, change.erase, change.target);
    } else {
      const { forget: room, before = Infinity } = change;
      await tx
        .objectStore('records')
        .delete(IDBKeyRange.bound([room, 0], [room, before], false, true));
    }
  }
}
