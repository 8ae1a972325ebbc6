import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { act } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { contacts } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { confirm } from './dialog.tsx';

async function block(user: string): Promise<void> {
  const isSure = await confirm(
    t('contact.block'),
    t('contact.blockText', { name: nameOf(user) }),
    t('contact.block'),
  );
  if (isSure) await act(() => chat.call('contact.block', { user, blocked: true }));
}

/** What can be done about a person, given how we stand with them. */
export function ContactActions({ user }: { user: string }): JSX.Element {
  const contact = contacts.value.get(user);
  const state = contact?.state ?? 'none';
  const button = (label: string, run: () => Promise<unknown>, look = '') => (
    <button type="button" class={`button ${look}`} onClick={() => void act(run)}>
      {label}
    </button>
  );
  if (contact?.blocked)
    return (
      <div class="buttons">
        {button(t('contact.unblock'), () => chat.call('contact.block', { user, blocked: false }))}
      </div>
    );
  return (
    <div class="buttons">
      {state === 'none' &&
        button(t('contact.add'), () => chat.call('contact.request', { user }), 'primary')}
      {state === 'received' && (
        <>
          {button(t('action.accept'), () => chat.call('contact.accept', { user }), 'primary')}
          {button(t('action.decline'), () => chat.call('contact.remove', { user }))}
        </>
      )}
      {state === 'requested' &&
        button(t('contact.withdraw'), () => chat.call('contact.remove', { user }))}
      {state === 'accepted' &&
        button(t('contact.remove'), () => chat.call('contact.remove', { user }))}
      {button(t('contact.block'), () => block(user), 'danger')}
    </div>
  );
}
