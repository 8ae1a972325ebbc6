import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from './chat.ts';
import { contacts, me, people, status } from './known.ts';

/** The part of a user id before the @. */
export const localPart = (user: string): string => user.slice(0, user.indexOf('@'));
export const serverOf = (user: string): string => user.slice(user.indexOf('@') + 1);
export const isElsewhere = (user: string): boolean =>
  me.value !== undefined && serverOf(user) !== serverOf(me.value.user);

const asked = new Set<string>();

/** Nobody tells of a new name: each is asked for once a connection. */
function want(user: string): void {
  if (status.value.state !== 'online') asked.clear();
  else if (user && !asked.has(user)) {
    asked.add(user);
    void chat.want(user);
  }
}

/** What others call someone; asks for the profile of whom nobody has looked at yet. */
export function nameOf(user: string): string {
  want(user);
  const name = people.value.get(user)?.display_name ?? contacts.value.get(user)?.display_name;
  return name || localPart(user);
}

export function titleOf(room: Room): string {
  if (room.type === 'direct') return nameOf(room.peer ?? '');
  if (room.name) return room.name;
  return room.invited_by ? nameOf(room.invited_by) : t('room.group');
}
