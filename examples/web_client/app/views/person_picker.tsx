import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Profile } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { contacts, me } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { PersonAvatar } from './avatar.tsx';
import { Field } from './controls.tsx';

const SEARCH_AFTER_MS = 200;
const LEAST_CHARACTERS = 2;
const USER_ID = /^[a-z0-9._-]{1,64}@[a-z0-9.-]+\.[a-z0-9-]+$/;

/** Contacts that fit, then others of this server, and whoever's whole address was typed. */
function useFound(word: string): { users: string[]; isSearching: boolean } {
  const found = useSignal<readonly Profile[]>([]);
  const isSearching = useSignal(false);
  useEffect(() => {
    found.value = [];
    isSearching.value = word.length >= LEAST_CHARACTERS && !word.includes('@');
    if (!isSearching.value) return;
    const timer = setTimeout(() => {
      chat
        .call('user.search', { prefix: word })
        .then(({ users }) => (found.value = users))
        .catch(() => undefined)
        .finally(() => (isSearching.value = false));
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [word]);
  const known = [...contacts.value.values()]
    .filter(({ state, blocked }) => state === 'accepted' && !blocked)
    .map(({ user }) => user)
    .filter((user) => user.includes(word) || nameOf(user).toLocaleLowerCase().includes(word));
  const others = found.value.map(({ user }) => user);
  const typed = USER_ID.test(word) ? [word] : [];
  return { users: [...new Set([...typed, ...known, ...others])], isSearching: isSearching.value };
}

interface PickerProps {
  onPick: (user: string) => void;
  without?: readonly string[];
}

/** Finds a person by name or address. */
export function PersonPicker({ onPick, without = [] }: PickerProps): JSX.Element {
  const input = useSignal('');
  const word = input.value.trim().toLowerCase();
  const { users, isSearching } = useFound(word);
  const shown = users.filter((user) => user !== me.value?.user && !without.includes(user));
  return (
    <div class="picker">
      <Field
        {...{ label: t('picker.label'), value: input.value, hint: t('picker.hint') }}
        isCode
        isFocused
        onInput={(value) => (input.value = value)}
      />
      <ul class="people" aria-busy={isSearching}>
        {shown.map((user) => (
          <li key={user}>
            <button type="button" class="person" onClick={() => onPick(user)}>
              <PersonAvatar user={user} />
              <span class="person-name" dir="auto">
                {nameOf(user)}
              </span>
              <span class="person-line">{user}</span>
            </button>
          </li>
        ))}
      </ul>
      {word.length >= LEAST_CHARACTERS && shown.length === 0 && !isSearching && (
        <p class="empty">{t('picker.none')}</p>
      )}
    </div>
  );
}
