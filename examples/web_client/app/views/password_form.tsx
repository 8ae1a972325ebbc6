import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { Field, Problem } from './controls.tsx';
import { Dialog } from './dialog.tsx';

/** A new password; all other devices are logged out by it. */
export function PasswordForm(): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="button" onClick={() => (isOpen.value = true)}>
        {t('password.change')}
      </button>
      {isOpen.value && <PasswordDialog onClose={() => (isOpen.value = false)} />}
    </>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const old = useSignal('');
  const fresh = useSignal('');
  async function submit(): Promise<void> {
    const params = { old_password: old.value, new_password: fresh.value };
    if (await act(() => chat.call('account.change_password', params))) onClose();
  }
  return (
    <Dialog title={t('password.change')} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t('password.text')}</p>
        <Field
          {...{ label: t('password.old'), value: old.value, maxLength: 1024, isRequired: true }}
          type="password"
          isFocused
          autocomplete="current-password"
          onInput={(value) => (old.value = value)}
        />
        <Field
          {...{ label: t('password.new'), value: fresh.value, maxLength: 1024, isRequired: true }}
          type="password"
          autocomplete="new-password"
          onInput={(value) => (fresh.value = value)}
        />
        <Problem text={actProblem.value} />
        <div class="buttons">
          <button type="button" class="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="button primary">
            {t('action.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
