import { batch, computed, signal, type Signal } from '@preact/signals';
import type { Contact, Outgoing, Pending, Person, Presence, Room, Snapshot, Status } from '#sdk';
import { chat } from './chat.ts';

// What this tab knows: a copy of what the chat knows, kept up to date by its events.

/** Undefined: the first answer of the chat is still to come. */
export const isLoaded = signal(false);
export const status = signal<Status>({ state: 'connecting' });
export const me = signal<Snapshot['me']>(undefined);
export const rooms = signal<ReadonlyMap<string, Room>>(new Map());
export const outbox = signal<ReadonlyMap<string, Outgoing>>(new Map());
export const pending = signal<ReadonlyMap<string, Pending>>(new Map());
export const contacts = signal<ReadonlyMap<string, Contact>>(new Map());
export const people = signal<ReadonlyMap<string, Person>>(new Map());
export const presence = signal<ReadonlyMap<string, Presence>>(new Map());
/** Why the login ended, or what went wrong on this device. */
export const notice = signal<'revoked' | 'superseded' | 'store failed' | undefined>(undefined);

/** Rooms and invitations, latest activity first. */
export const sortedRooms = computed(() =>
  [...rooms.value.values()].sort((a, b) => b.last_active - a.last_active),
);
export const unreadTotal = computed(() => sortedRooms.value.filter(needsAttention).length);
export const requests = computed(() =>
  [...contacts.value.values()].filter(({ state, blocked }) => state === 'received' && !blocked),
);

export const needsAttention = (room: Room): boolean =>
  room.unread > 0 || room.membership === 'invited';

type Rows<Row> = { changed: Row[]; gone: string[] };

function follow<Row>(
  name: 'rooms' | 'outbox' | 'pending' | 'contacts' | 'people',
  target: Signal<ReadonlyMap<string, Row>>,
  keyOf: (row: Row) => string,
): void {
  chat.on(name, (event) => {
    const { changed, gone } = event as unknown as Rows<Row>;
    const next = new Map(target.value);
    for (const row of changed) next.set(keyOf(row), row);
    for (const key of gone) next.delete(key);
    target.value = next;
  });
}

async function load(): Promise<void> {
  const all = await chat.snapshot();
  batch(() => {
    status.value = all.status;
    me.value = all.me;
    rooms.value = new Map(all.rooms.map((room) => [room.room, room]));
    outbox.value = new Map(all.outbox.map((out) => [out.id, out]));
    pending.value = new Map(all.pending.map((one) => [String(one.number), one]));
    contacts.value = new Map(all.contacts.map((contact) => [contact.user, contact]));
    people.value = new Map(all.people.map((person) => [person.user, person]));
    presence.value = new Map(all.presence.map((one) => [one.user, one]));
    isLoaded.value = true;
  });
}

export function startFollowing(): void {
  follow('rooms', rooms, ({ room }) => room);
  follow('outbox', outbox, ({ id }) => id);
  follow('pending', pending, ({ number }) => String(number));
  follow('contacts', contacts, ({ user }) => user);
  follow('people', people, ({ user }) => user);
  chat.on('status', (now) => (status.value = now));
  chat.on('me', (now) => (me.value = now));
  chat.on('presence', (one) => {
    presence.value = new Map(presence.value).set(one.user, one);
  });
  chat.on('revoked', () => (notice.value = 'revoked'));
  chat.on('superseded', () => {
    if (document.hidden) location.reload();
    notice.value = 'superseded';
  });
  chat.on('store failed', () => (notice.value = 'store failed'));
  chat.on('restarted', () => void load());
  void load();
}
