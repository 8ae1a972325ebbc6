import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Member, Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { me, presence } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { mayManage, mayRemove, roleIn, type Role } from '../state/roles.ts';
import { ago } from '../text/times.ts';
import { PersonAvatar } from './avatar.tsx';
import { confirm, Dialog } from './dialog.tsx';
import { openDirect } from '../state/open_direct.ts';
import { PersonPicker } from './person_picker.tsx';
import { BanServer } from './server_bans.tsx';

const ROLES: readonly Role[] = ['member', 'admin', 'owner'];

function lineAbout(member: Member): string {
  if (member.membership === 'invited') return t('member.invited');
  if (member.membership === 'banned') return t('member.banned');
  const state = presence.value.get(member.user);
  if (state?.state === 'offline' && state.last_seen)
    return t('presence.lastSeen', { when: ago(state.last_seen) });
  return member.user;
}

/** The members of a group; those who may, change them here. */
export function MemberList({ room }: { room: Room }): JSX.Element {
  const isInviting = useSignal(false);
  const chosen = useSignal<string | undefined>(undefined);
  const rank = { joined: 0, invited: 1, banned: 2, none: 3, left: 3 };
  const members = [...room.members].sort(
    (a, b) =>
      rank[a.membership] - rank[b.membership] || nameOf(a.user).localeCompare(nameOf(b.user)),
  );
  const member = members.find(({ user }) => user === chosen.value);
  return (
    <section class="section">
      <h3>{t('room.members', { count: members.length })}</h3>
      {mayManage(room) && (
        <button type="button" class="button" onClick={() => (isInviting.value = true)}>
          {t('room.invite')}
        </button>
      )}
      <ul class="people">
        {members.map((one) => (
          <li key={one.user}>
            <button type="button" class="person" onClick={() => (chosen.value = one.user)}>
              <PersonAvatar user={one.user} />
              <span class="person-name" dir="auto">
                {nameOf(one.user)}
              </span>
              <span class="person-line">{lineAbout(one)}</span>
              {one.role !== 'member' && <span class="role">{t(`role.${one.role}`)}</span>}
            </button>
          </li>
        ))}
      </ul>
      {member && (
        <MemberDialog room={room} member={member} onClose={() => (chosen.value = undefined)} />
      )}
      {isInviting.value && <InviteDialog room={room} onClose={() => (isInviting.value = false)} />}
    </section>
  );
}

interface MemberDialogProps {
  room: Room;
  member: Member;
  onClose: () => void;
}

function MemberDialog({ room, member, onClose }: MemberDialogProps): JSX.Element {
  const { user } = member;
  const name = nameOf(user);
  const take = async (title: string, text: string, banned: boolean) => {
    onClose();
    if (!(await confirm(title, text, title))) return;
    await act(() =>
      banned
        ? chat.call('room.ban', { room: room.room, user, banned })
        : chat.call('room.kick', { room: room.room, user }),
    );
  };
  const isBanned = member.membership === 'banned';
  return (
    <Dialog title={name} onClose={onClose}>
      <p class="id">{user}</p>
      {roleIn(room) === 'owner' && member.membership === 'joined' && (
        <RoleChoice {...{ room, member, onClose }} />
      )}
      <div class="stack">
        {user !== me.value?.user && (
          <button type="button" class="button" onClick={() => void openDirect(user)}>
            {t('contact.message')}
          </button>
        )}
        {mayRemove(room, member) && !isBanned && (
          <>
            <button
              type="button"
              class="button danger"
              onClick={() => void take(t('member.remove'), t('member.removeText', { name }), false)}
            >
              {t('member.remove')}
            </button>
            <button
              type="button"
              class="button danger"
              onClick={() => void take(t('member.ban'), t('member.banText', { name }), true)}
            >
              {t('member.ban')}
            </button>
            <BanServer {...{ room, user, onClose }} />
          </>
        )}
        {mayManage(room) && isBanned && (
          <button
            type="button"
            class="button"
            onClick={() => {
              onClose();
              void act(() => chat.call('room.ban', { room: room.room, user, banned: false }));
            }}
          >
            {t('member.unban')}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function RoleChoice({ room, member, onClose }: MemberDialogProps): JSX.Element {
  const { user } = member;
  const choose = (role: Role) => {
    onClose();
    void act(() => chat.call('room.set_role', { room: room.room, user, role }));
  };
  return (
    <fieldset class="roles">
      <legend>{t('member.role')}</legend>
      {ROLES.map((role) => (
        <label key={role}>
          <input
            type="radio"
            name="role"
            checked={member.role === role}
            onChange={() => choose(role)}
          />
          {t(`role.${role}`)}
        </label>
      ))}
    </fieldset>
  );
}

function InviteDialog({ room, onClose }: { room: Room; onClose: () => void }): JSX.Element {
  const taken = room.members
    .filter(({ membership }) => membership === 'joined' || membership === 'invited')
    .map(({ user }) => user);
  return (
    <Dialog title={t('room.invite')} onClose={onClose}>
      <PersonPicker
        without={taken}
        onPick={(user) => {
          onClose();
          void act(() => chat.call('room.invite', { room: room.room, user }));
        }}
      />
    </Dialog>
  );
}
