import { batch, signal } from '@preact/signals';
import { foldMessages, type LogRecord, type Message, type Page, type Where } from '#sdk';
import { annotated, messageOf } from '#sdk/message.ts';
import { chat } from './chat.ts';

/** What a conversation shows of a room's log, one after the other. */
export type Item =
  | { kind: 'message'; seq: number; message: Message }
  | { kind: 'event'; seq: number; record: LogRecord };

/** Where the reader is to be taken. */
export interface Jump {
  seq: number;
  reason: 'unread' | 'found' | 'end';
}

const END: Jump = { seq: 0, reason: 'end' };
const PAGE = 30;
// More than this is dropped at the far end: the page stays as quick as in the first minute.
const MOST_ITEMS = 120;
const SHOWN_EVENTS = new Set(['create', 'member', 'meta', 'server', 'hub_move']);

function itemOf(record: LogRecord, message: Message | undefined): Item[] {
  if (message) return [{ kind: 'message', seq: record.seq, message }];
  return SHOWN_EVENTS.has(record.kind) ? [{ kind: 'event', seq: record.seq, record }] : [];
}

/** A window on a room's log that slides where the person scrolls. */
export class Timeline {
  readonly items = signal<readonly Item[]>([]);
  readonly hasBefore = signal(false);
  readonly hasAfter = signal(false);
  readonly isLoaded = signal(false);
  /** Why the last page did not come: without a network older ones may be out of reach. */
  readonly failure = signal<unknown>(undefined);
  readonly jump = signal<Jump | undefined>(undefined);
  private first = 0;
  private last = 0;
  private loading: 'before' | 'after' | 'all' | undefined;
  private isClosed = false;
  private readonly stops: (() => void)[];

  constructor(readonly room: string) {
    this.stops = [
      chat.on('records', ({ room: id, records }) => {
        if (id === room) this.hear(records);
      }),
      chat.on('status', ({ state }) => {
        if (state === 'online' && this.failure.value !== undefined) void this.retry();
      }),
    ];
  }

  close(): void {
    this.isClosed = true;
    for (const stop of this.stops) stop();
  }

  /** After a failure: the same again. */
  async retry(): Promise<void> {
    this.failure.value = undefined;
    await (this.isLoaded.value ? this.loadBefore() : this.open());
  }

  /** Shows the end, or what is around a record. */
  async open(jump?: Jump): Promise<void> {
    await this.load('all', jump ? { around: jump.seq } : 'newest', (page) => {
      this.first = 0;
      this.last = 0;
      this.items.value = [];
      this.take(page);
      this.hasBefore.value = page.hasBefore;
      this.hasAfter.value = page.hasAfter;
      this.jump.value = jump ?? END;
      this.isLoaded.value = true;
    });
    await this.fill();
  }

  /** Takes the reader to a record, with as little loading as possible. */
  async goTo(jump: Jump): Promise<void> {
    if (this.first <= jump.seq && jump.seq <= this.last) this.jump.value = { ...jump };
    else await this.open(jump);
  }

  async toEnd(): Promise<void> {
    if (this.hasAfter.value) await this.open();
    else this.jump.value = { ...END };
  }

  async loadBefore(): Promise<void> {
    if (!this.hasBefore.value || this.failure.value !== undefined) return;
    await this.load('before', { before: this.first }, (page) => {
      this.take(page);
      this.hasBefore.value = page.hasBefore;
      this.trim('end');
    });
  }

  async loadAfter(): Promise<void> {
    if (!this.hasAfter.value) return;
    await this.load('after', { after: this.last }, (page) => {
      this.take(page);
      this.hasAfter.value = page.hasAfter;
      this.trim('start');
    });
  }

  private async load(
    what: NonNullable<Timeline['loading']>,
    where: Where,
    show: (page: Page) => void,
  ): Promise<void> {
    if (this.loading && what !== 'all') return;
    this.loading = what;
    try {
      const page = await chat.history(this.room, where, PAGE);
      if (this.isClosed || this.loading !== what) return;
      batch(() => {
        this.failure.value = undefined;
        show(page);
      });
    } catch (error) {
      this.failure.value = error;
    } finally {
      if (this.loading === what) this.loading = undefined;
    }
  }

  /** A page may be all reactions: goes on until there is something to scroll. */
  private async fill(): Promise<void> {
    while (this.items.value.length < PAGE && this.hasBefore.value && !this.failure.value) {
      const { first } = this;
      await this.loadBefore();
      if (this.first === first) return;
    }
  }

  private take({ records, annotations }: Page): void {
    const messages = new Map(foldMessages(records, annotations).map((one) => [one.seq, one]));
    const known = new Map(this.items.value.map((item) => [item.seq, item]));
    for (const record of records)
      for (const item of itemOf(record, messages.get(record.seq))) known.set(item.seq, item);
    this.items.value = [...known.values()].sort((a, b) => a.seq - b.seq);
    const from = records[0]?.seq ?? 0;
    const to = records.at(-1)?.seq ?? 0;
    this.first = this.first === 0 ? from : Math.min(this.first, from);
    this.last = Math.max(this.last, to);
  }

  private trim(end: 'start' | 'end'): void {
    const { value: items } = this.items;
    if (items.length <= MOST_ITEMS) return;
    const kept = end === 'start' ? items.slice(-MOST_ITEMS) : items.slice(0, MOST_ITEMS);
    this.items.value = kept;
    if (end === 'start') {
      this.first = kept[0]?.seq ?? 0;
      this.hasBefore.value = true;
    } else {
      this.last = kept.at(-1)?.seq ?? 0;
      this.hasAfter.value = true;
    }
  }

  private hear(records: readonly LogRecord[]): void {
    if (!this.isLoaded.value) return;
    const items = new Map(this.items.value.map((item) => [item.seq, item]));
    for (const record of records) {
      const target = items.get(record.target ?? 0);
      if (target?.kind === 'message') {
        const message = annotated(target.message, record);
        items.set(target.seq, { ...target, message });
      }
      if (record.seq !== this.last + 1) continue;
      this.last = record.seq;
      const message = record.kind === 'message' ? messageOf(record) : undefined;
      for (const item of itemOf(record, message)) items.set(item.seq, item);
    }
    this.items.value = [...items.values()];
    // Who stays for days at the end of a busy room does not collect all of it.
    if (items.size > 3 * MOST_ITEMS) this.trim('start');
    // What came after a gap is fetched together with what is missing.
    const isPast = (records.at(-1)?.seq ?? 0) > this.last;
    if (isPast && !this.hasAfter.value) {
      this.hasAfter.value = true;
      void this.loadAfter();
    }
  }
}
