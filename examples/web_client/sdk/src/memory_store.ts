import type { LogRecord } from './protocol.ts';
import { erased, keyOf, type Change, type Saved, type Store, type Values } from './store.ts';

/** Forgets everything at the end of the process: for bots that keep no history, and for tests. */
export class MemoryStore implements Store {
  private values: Partial<Values> = {};
  private readonly tables = {
    rooms: new Map<string, unknown>(),
    outbox: new Map<string, unknown>(),
    pending: new Map<string, unknown>(),
    contacts: new Map<string, unknown>(),
    people: new Map<string, unknown>(),
  };
  private readonly logs = new Map<string, Map<number, LogRecord>>();

  load(): Promise<Saved> {
    const all = Object.entries(this.tables).map(([name, rows]) => [name, [...rows.values()]]);
    const saved = { values: this.values, ...Object.fromEntries(all) } as Saved;
    return Promise.resolve(structuredClone(saved));
  }

  apply(changes: Change[]): Promise<void> {
    for (const change of structuredClone(changes)) this.applyOne(change);
    return Promise.resolve();
  }

  records(room: string, from: number, to: number): Promise<LogRecord[]> {
    return this.select(room, ({ seq }) => from <= seq && seq <= to);
  }

  annotations(room: string, from: number, to: number): Promise<LogRecord[]> {
    return this.select(room, ({ target = 0 }) => from <= target && target <= to);
  }

  private select(room: string, isWanted: (record: LogRecord) => boolean): Promise<LogRecord[]> {
    const all = [...(this.logs.get(room)?.values() ?? [])];
    return Promise.resolve(all.filter(isWanted).sort((a, b) => a.seq - b.seq));
  }

  private applyOne(change: Change): void {
    if ('put' in change) {
      this.tables[change.put].set(keyOf(change.value), change.value);
    } else if ('drop' in change) {
      this.tables[change.drop].delete(change.key);
    } else if ('set' in change) {
      this.values = { ...this.values, [change.set]: change.value };
    } else if ('add' in change) {
      const log = this.logs.get(change.add) ?? new Map<number, LogRecord>();
      this.logs.set(change.add, log);
      for (const record of change.records) log.set(record.seq, record);
    } else if ('erase' in change) {
      const log = this.logs.get(change.erase);
      for (const record of log?.values() ?? [])
        if (isOf(record, change.target)) log?.set(record.seq, erased(record));
    } else {
      const log = this.logs.get(change.forget);
      const { before = Infinity } = change;
      for (const seq of log?.keys() ?? []) if (seq < before) log?.delete(seq);
    }
  }
}

const isOf = (record: LogRecord, target: number): boolean =>
  record.seq === target || (record.kind === 'edit' && record.target === target);
