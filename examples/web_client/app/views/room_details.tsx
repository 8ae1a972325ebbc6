import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { people } from '../state/known.ts';
import { titleOf } from '../state/names.ts';
import { go, hashOf } from '../state/route.ts';
import { mayManage } from '../state/roles.ts';
import { Avatar, PersonAvatar } from './avatar.tsx';
import { ContactActions } from './contact_actions.tsx';
import { IconButton, Problem, Toggle } from './controls.tsx';
import { confirm } from './dialog.tsx';
import { MemberList } from './member_list.tsx';
import { RoomRename } from './room_rename.tsx';
import { BannedServers } from './server_bans.tsx';

interface DetailsProps {
  room: Room;
  onClose: () => void;
}

/** Who is in a room, and what can be done about it. */
export function RoomDetails({ room, onClose }: DetailsProps): JSX.Element {
  useEffect(() => {
    actProblem.value = undefined;
    const onKey = ({ key, target }: KeyboardEvent) => {
      const isFree = !(target instanceof HTMLElement) || !target.closest('dialog, input, textarea');
      if (key === 'Escape' && isFree) onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const isDirect = room.type === 'direct';
  return (
    <aside class="details" aria-label={t('room.details')}>
      <header class="bar">
        <IconButton icon="close" label={t('action.close')} onClick={onClose} />
        <h2>{t('room.details')}</h2>
      </header>
      <div class="details-body">{isDirect ? <Direct room={room} /> : <Group room={room} />}</div>
    </aside>
  );
}

function Head(props: { title: string; children?: ComponentChildren; sub: string }): JSX.Element {
  return (
    <div class="details-head">
      {props.children}
      <h3>
        <bdi>{props.title}</bdi>
      </h3>
      {props.sub && <p dir="auto">{props.sub}</p>}
    </div>
  );
}

function Direct({ room }: { room: Room }): JSX.Element {
  const user = room.peer ?? '';
  return (
    <>
      <Head title={titleOf(room)} sub={people.value.get(user)?.status_text ?? ''}>
        <PersonAvatar user={user} size="large" />
        <p class="id">{user}</p>
      </Head>
      <Problem text={actProblem.value} />
      <ContactActions user={user} />
    </>
  );
}

async function leave(room: Room): Promise<void> {
  const isSure = await confirm(
    t('leave.title'),
    t('leave.text', { room: titleOf(room) }),
    t('action.leave'),
  );
  if (isSure && (await act(() => chat.call('room.leave', { room: room.room }))))
    go({ at: 'rooms' });
}

function Group({ room }: { room: Room }): JSX.Element {
  const { room: id } = room;
  const set = (change: { join?: 'invite' | 'open'; presence?: boolean }) =>
    void act(() => chat.call('room.set', { room: id, ...change }));
  return (
    <>
      <Head title={titleOf(room)} sub={room.topic}>
        <Avatar id={id} name={titleOf(room)} size="large" isGroup />
      </Head>
      <Problem text={actProblem.value} />
      {room.join === 'open' && (
        <button
          type="button"
          class="button"
          onClick={() =>
            void navigator.clipboard.writeText(
              `${location.origin}/` + hashOf({ at: 'room', room: id }),
            )
          }
        >
          {t('room.copyLink')}
        </button>
      )}
      {mayManage(room) && (
        <section class="section">
          <RoomRename room={room} />
          <Toggle
            label={t('room.isOpen')}
            isOn={room.join === 'open'}
            onChange={(isOn) => set({ join: isOn ? 'open' : 'invite' })}
          />
          <Toggle
            label={t('room.showsPresence')}
            isOn={room.presence}
            onChange={(presence) => set({ presence })}
          />
        </section>
      )}
      <MemberList room={room} />
      <BannedServers room={room} />
      <section class="section">
        <button type="button" class="button danger" onClick={() => void leave(room)}>
          {t('action.leave')}
        </button>
      </section>
    </>
  );
}
