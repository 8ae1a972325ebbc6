import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { me, requests, sortedRooms } from '../state/known.ts';
import { titleOf } from '../state/names.ts';
import { hashOf, route } from '../state/route.ts';
import { Name, PersonAvatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { RoomItem } from './room_item.tsx';

// As many as are shown at once; scrolling shows as many more.
const ROOMS_AT_ONCE = 60;
const NEAR_THE_END_PX = 600;

function Header(): JSX.Element {
  const { at } = route.value;
  const current = (is: boolean) => (is ? ('page' as const) : undefined);
  const waiting = requests.value.length;
  return (
    <header class="bar">
      <a class="self" href={hashOf({ at: 'settings' })} aria-current={current(at === 'settings')}>
        <PersonAvatar user={me.value?.user ?? ''} size="small" />
        <span class="self-name">
          <Name user={me.value?.user ?? ''} />
        </span>
        <span class="hidden">{t('settings.title')}</span>
      </a>
      <nav class="bar-actions" aria-label={t('app.navigation')}>
        <a
          class="icon-button"
          href={hashOf({ at: 'contacts' })}
          aria-current={current(at === 'contacts')}
          aria-label={
            waiting ? t('contacts.withRequests', { count: waiting }) : t('contacts.title')
          }
          title={t('contacts.title')}
        >
          <Icon name="people" />
          {waiting > 0 && <span class="pip" />}
        </a>
        <a
          class="icon-button"
          href={hashOf({ at: 'new' })}
          aria-current={current(at === 'new')}
          aria-label={t('rooms.new')}
          title={t('rooms.new')}
        >
          <Icon name="plus" />
        </a>
      </nav>
    </header>
  );
}

/** The rooms, latest activity first, and the ways to everything else. */
export function Sidebar(): JSX.Element {
  const filter = useSignal('');
  const limit = useSignal(ROOMS_AT_ONCE);
  const wanted = filter.value.trim().toLocaleLowerCase();
  const found = sortedRooms.value.filter(
    (room) => !wanted || titleOf(room).toLocaleLowerCase().includes(wanted),
  );
  const openRoom = route.value.at === 'room' ? route.value.room : undefined;
  return (
    <aside class="sidebar" aria-label={t('rooms.title')}>
      <Header />
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          dir="auto"
          placeholder={t('rooms.filter')}
          aria-label={t('rooms.filter')}
          value={filter.value}
          onInput={({ currentTarget }) => (filter.value = currentTarget.value)}
        />
      </label>
      <ul
        class="rooms"
        aria-label={t('rooms.title')}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          if (scrollTop + clientHeight > scrollHeight - NEAR_THE_END_PX)
            limit.value = Math.min(limit.value + ROOMS_AT_ONCE, found.length + ROOMS_AT_ONCE);
        }}
        onKeyDown={moveFocus}
      >
        {found.slice(0, limit.value).map((room) => (
          <RoomItem key={room.room} room={room} isOpen={room.room === openRoom} />
        ))}
        {found.length === 0 && <Nothing isFiltered={wanted !== ''} />}
      </ul>
    </aside>
  );
}

/** On a phone nothing beside the list says how to begin. */
function Nothing({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  if (isFiltered) return <li class="empty">{t('rooms.noneFound')}</li>;
  return (
    <li class="empty">
      <p>{t('rooms.none')}</p>
      <a class="button primary only-narrow" href={hashOf({ at: 'new' })}>
        {t('rooms.new')}
      </a>
    </li>
  );
}

/** Arrow keys go from room to room. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const links = [...event.currentTarget.querySelectorAll('a')];
  const now = links.indexOf(document.activeElement as HTMLAnchorElement);
  links[Math.min(Math.max(now + step, 0), links.length - 1)]?.focus();
}
