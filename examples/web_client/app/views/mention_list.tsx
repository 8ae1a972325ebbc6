import { useSignal, type Signal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useId } from 'preact/hooks';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { me } from '../state/known.ts';
import { isElsewhere, localPart, nameOf } from '../state/names.ts';
import { Avatar, Name } from './avatar.tsx';

const MOST_SHOWN = 6;
const WORD_BEFORE_CARET = /(^|\s)@([\p{L}\p{N}._-]*)$/u;

/** What tells screen readers of the list. */
interface AreaProps {
  'aria-autocomplete': 'list';
  'aria-controls': string | undefined;
  'aria-activedescendant': string | undefined;
}

export interface Mentions {
  id: string;
  users: string[];
  selected: number;
  choose: (user: string) => void;
  /** Whether the key was for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
  areaProps: AreaProps;
}

function matching(room: Room, word: string): string[] {
  const wanted = word.toLocaleLowerCase();
  return room.members
    .filter(({ user, membership }) => membership === 'joined' && user !== me.value?.user)
    .map(({ user }) => user)
    .filter((user) =>
      [localPart(user), ...nameOf(user).toLocaleLowerCase().split(/\s+/)].some((name) =>
        name.startsWith(wanted),
      ),
    )
    .slice(0, MOST_SHOWN);
}

/** The people whom the @ before the caret may mean. */
export function useMentions(
  room: Room,
  text: Signal<string>,
  area: RefObject<HTMLTextAreaElement | null>,
): Mentions {
  const id = useId();
  const selected = useSignal(0);
  const dismissed = useSignal<string | undefined>(undefined);
  const caret = area.current?.selectionStart ?? text.value.length;
  const found = WORD_BEFORE_CARET.exec(text.value.slice(0, caret));
  const word = found?.[2];
  const isWanted = room.type === 'group' && word !== undefined && dismissed.value !== text.value;
  const users = isWanted ? matching(room, word) : [];
  const index = Math.min(selected.value, users.length - 1);

  function choose(user: string): void {
    const start = caret - (word?.length ?? 0);
    const name = isElsewhere(user) ? user : localPart(user);
    text.value = `${text.value.slice(0, start)}${name} ${text.value.slice(caret)}`;
    dismissed.value = text.value;
    selected.value = 0;
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent): boolean {
    const user = users[index];
    if (user === undefined) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) selected.value = (index + step + users.length) % users.length;
    else if (event.key === 'Enter' || event.key === 'Tab') choose(user);
    else if (event.key === 'Escape') dismissed.value = text.value;
    else return false;
    event.preventDefault();
    return true;
  }

  const isShown = users.length > 0;
  const areaProps: AreaProps = {
    'aria-autocomplete': 'list',
    'aria-controls': isShown ? id : undefined,
    'aria-activedescendant': isShown ? `${id}-${index}` : undefined,
  };
  return { id, users, selected: index, choose, onKeyDown, areaProps };
}

export function MentionList({ mentions }: { mentions: Mentions }): JSX.Element | null {
  const { id, users, selected, choose } = mentions;
  if (users.length === 0) return null;
  return (
    <ul class="mentions" role="listbox" id={id} aria-label={t('composer.mention')}>
      {users.map((user, index) => (
        <li
          key={user}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === selected}
          onPointerDown={(event) => {
            event.preventDefault();
            choose(user);
          }}
        >
          <Avatar id={user} name={nameOf(user)} size="small" />
          <Name user={user} />
          <span class="id">{user}</span>
        </li>
      ))}
    </ul>
  );
}
