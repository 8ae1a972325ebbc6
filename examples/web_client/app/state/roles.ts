import type { Member, Room } from '#sdk';
import { me } from './known.ts';

export type Role = Member['role'];

const RANK: { [role in Role]: number } = { member: 0, admin: 1, owner: 2 };

/** What we may do in a room. */
export const roleIn = (room: Room): Role =>
  room.members.find(({ user }) => user === me.value?.user)?.role ?? 'member';

export const mayManage = (room: Room): boolean => roleIn(room) !== 'member';

/** Whether we may take someone out of the room: of a lower rank, or we are an owner. */
export function mayRemove(room: Room, member: Member): boolean {
  const own = roleIn(room);
  if (member.user === me.value?.user || own === 'member') return false;
  return own === 'owner' || RANK[member.role] < RANK[own];
}
