import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Contact } from '#sdk';
import { t, type Key } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { contacts } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { openDirect } from '../state/open_direct.ts';
import { hashOf } from '../state/route.ts';
import { PersonAvatar } from './avatar.tsx';
import { ContactActions } from './contact_actions.tsx';
import { Page, Problem } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import { PersonPicker } from './person_picker.tsx';

const GROUPS: readonly { title: Key; isIn: (contact: Contact) => boolean }[] = [
  { title: 'contacts.requests', isIn: ({ state, blocked }) => state === 'received' && !blocked },
  { title: 'contacts.accepted', isIn: ({ state, blocked }) => state === 'accepted' && !blocked },
  { title: 'contacts.sent', isIn: ({ state, blocked }) => state === 'requested' && !blocked },
  { title: 'contacts.blocked', isIn: ({ blocked }) => blocked },
];

/** Contacts, requests both ways, and who is blocked. */
export function Contacts(): JSX.Element {
  const isAdding = useSignal(false);
  useEffect(() => {
    actProblem.value = undefined;
  }, []);
  const all = [...contacts.value.values()].sort((a, b) =>
    nameOf(a.user).localeCompare(nameOf(b.user)),
  );
  return (
    <Page title={t('contacts.title')} back={hashOf({ at: 'rooms' })} backLabel={t('action.back')}>
      <button type="button" class="button primary" onClick={() => (isAdding.value = true)}>
        <Icon name="plus" />
        {t('contact.add')}
      </button>
      <Problem text={actProblem.value} />
      {all.length === 0 && <p class="empty">{t('contacts.none')}</p>}
      {GROUPS.map(({ title, isIn }) => (
        <Group key={title} title={t(title)} contacts={all.filter(isIn)} />
      ))}
      {isAdding.value && <AddDialog onClose={() => (isAdding.value = false)} />}
    </Page>
  );
}

function Group(props: { title: string; contacts: readonly Contact[] }): JSX.Element | null {
  if (props.contacts.length === 0) return null;
  return (
    <section class="section">
      <h2>{props.title}</h2>
      <ul class="people">
        {props.contacts.map(({ user, state }) => (
          <li key={user} class="person-row">
            <button
              type="button"
              class="person"
              disabled={state !== 'accepted'}
              onClick={() => void openDirect(user)}
            >
              <PersonAvatar user={user} />
              <span class="person-name" dir="auto">
                {nameOf(user)}
              </span>
              <span class="person-line">{user}</span>
            </button>
            <ContactActions user={user} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AddDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const known = [...contacts.value.values()].filter(({ state }) => state !== 'received');
  return (
    <Dialog title={t('contact.add')} onClose={onClose}>
      <PersonPicker
        without={known.map(({ user }) => user)}
        onPick={(user) => {
          onClose();
          void act(() => chat.call('contact.request', { user }));
        }}
      />
    </Dialog>
  );
}
