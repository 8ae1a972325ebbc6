import type { JSX } from 'preact';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { contacts, presence } from '../state/known.ts';
import { isElsewhere, nameOf, titleOf } from '../state/names.ts';
import { hashOf } from '../state/route.ts';
import { typing } from '../state/typing.ts';
import { ago } from '../text/times.ts';
import { Avatar, PersonAvatar } from './avatar.tsx';
import { Icon } from './icons.tsx';

function typingLine(room: Room, typers: readonly string[]): string {
  const [first, second] = typers;
  if (room.type === 'direct') return t('typing.short');
  if (first && second && typers.length === 2)
    return t('typing.two', { first: nameOf(first), second: nameOf(second) });
  if (first && !second) return t('typing.one', { name: nameOf(first) });
  return t('typing.many', { count: typers.length });
}

function presenceLine(user: string): string {
  const state = presence.value.get(user);
  if (contacts.value.get(user)?.blocked) return t('contact.blocked');
  if (state?.state === 'online') return t('presence.online');
  if (state?.state === 'away') return t('presence.away');
  if (state?.last_seen) return t('presence.lastSeen', { when: ago(state.last_seen) });
  return isElsewhere(user) ? user : '';
}

function subtitle(room: Room): string {
  const typers = typing.value.get(room.room) ?? [];
  if (typers.length > 0) return typingLine(room, typers);
  if (room.type === 'direct') return presenceLine(room.peer ?? '');
  const joined = room.members.filter(({ membership }) => membership === 'joined').length;
  return joined > 0 ? t('room.members', { count: joined }) : room.topic;
}

export function RoomHeader(props: { room: Room; isShowingDetails: boolean }): JSX.Element {
  const { room, isShowingDetails } = props;
  const { room: id } = room;
  const title = titleOf(room);
  const isTyping = (typing.value.get(id) ?? []).length > 0;
  const details = isShowingDetails
    ? hashOf({ at: 'room', room: id })
    : hashOf({ at: 'room', room: id, pane: 'details' });
  return (
    <header class="bar">
      <a
        class="icon-button only-narrow"
        href={hashOf({ at: 'rooms' })}
        aria-label={t('action.back')}
      >
        <Icon name="back" />
      </a>
      <a class="room-heading" href={details} aria-expanded={isShowingDetails}>
        {room.type === 'direct' ? (
          <PersonAvatar user={room.peer ?? ''} />
        ) : (
          <Avatar id={id} name={title} isGroup />
        )}
        <span class="room-heading-text">
          <h1 dir="auto">{title}</h1>
          <span class={`subtitle ${isTyping ? 'is-typing' : ''}`} aria-live="polite">
            {subtitle(room)}
          </span>
        </span>
        <span class="hidden">{t('room.details')}</span>
      </a>
      <a
        class="icon-button"
        href={details}
        aria-label={t('room.details')}
        title={t('room.details')}
      >
        <Icon name="info" />
      </a>
    </header>
  );
}
