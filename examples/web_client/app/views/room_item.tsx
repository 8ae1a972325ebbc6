import type { JSX } from 'preact';
import type { JsonObject, Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { me, outbox, pending } from '../state/known.ts';
import { nameOf, titleOf } from '../state/names.ts';
import { hashOf } from '../state/route.ts';
import { typing } from '../state/typing.ts';
import { ofOutgoing, ofPending, type Unsaid } from '../state/unsaid.ts';
import { short } from '../text/times.ts';
import { Avatar, PersonAvatar } from './avatar.tsx';
import { Icon } from './icons.tsx';

const SHOWN_CHARACTERS = 120;

/** The newest message that is no record yet. */
function unsaidIn(room: string): Unsaid | undefined {
  const all = [
    ...[...pending.value.values()].filter((one) => one.room === room).map(ofPending),
    ...[...outbox.value.values()].filter((out) => out.room === room).map(ofOutgoing),
  ];
  return all.findLast(({ kind }) => kind === 'message');
}

/** One line about the newest message, or about who types. */
function Preview({ room }: { room: Room }): JSX.Element {
  const typers = typing.value.get(room.room) ?? [];
  const waiting = unsaidIn(room.room);
  if (typers[0]) return <span class="is-typing">{t('typing.short')}</span>;
  if (room.membership === 'invited') return <>{t('room.invites')}</>;
  if (room.draft)
    return (
      <>
        <span class="is-draft">{t('room.draft')}</span> {room.draft.slice(0, SHOWN_CHARACTERS)}
      </>
    );
  if (waiting)
    return (
      <>
        <span class={waiting.state === 'failed' ? 'is-failed' : ''}>
          <Icon name={waiting.state === 'failed' ? 'alert' : 'clock'} />
        </span>
        {textOf(waiting.content)}
      </>
    );
  return <>{lastLine(room)}</>;
}

function textOf(content: JsonObject | undefined): string {
  const text = content?.['text'];
  return typeof text === 'string' ? text.slice(0, SHOWN_CHARACTERS) : t('message.encrypted');
}

function lastLine({ last_message: last, type }: Room): string {
  if (!last) return t('room.empty');
  const isOwn = last.sender === me.value?.user;
  const who = isOwn ? t('room.you') : nameOf(last.sender ?? '');
  const text = last.erased ? t('message.erased') : textOf(last.content);
  return type === 'group' || isOwn ? `${who}: ${text}` : text;
}

function Badge({ room }: { room: Room }): JSX.Element | null {
  if (room.membership === 'invited')
    return <span class="badge" role="img" aria-label={t('room.invitation')} />;
  if (room.unread === 0) return null;
  return (
    <>
      {room.mentioned && (
        <span class="badge-at" role="img" aria-label={t('room.mentioned')}>
          <Icon name="at" />
        </span>
      )}
      <span class="badge">
        <span aria-hidden="true">{room.unread > 999 ? '999+' : room.unread}</span>
        <span class="hidden">{t('room.unread', { count: room.unread })}</span>
      </span>
    </>
  );
}

interface RoomItemProps {
  room: Room;
  isOpen: boolean;
}

// Drawn again only when a property or a signal changes: Preact's signals see to that.
export function RoomItem({ room, isOpen }: RoomItemProps): JSX.Element {
  const title = titleOf(room);
  const person = room.peer ?? room.invited_by;
  return (
    <li>
      <a
        class={`room ${room.unread > 0 || room.membership === 'invited' ? 'is-unread' : ''}`}
        href={hashOf({ at: 'room', room: room.room })}
        aria-current={isOpen ? 'page' : undefined}
      >
        {person ? <PersonAvatar user={person} /> : <Avatar id={room.room} name={title} isGroup />}
        <span class="room-title" dir="auto">
          {title}
        </span>
        <time class="room-time" dateTime={new Date(room.last_active).toISOString()}>
          {short(room.last_active)}
        </time>
        <span class="room-preview" dir="auto">
          <Preview room={room} />
        </span>
        <span class="room-badges">
          <Badge room={room} />
        </span>
      </a>
    </li>
  );
}
