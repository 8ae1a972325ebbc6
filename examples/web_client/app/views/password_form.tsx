import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { PasswordField, Problem } from './controls.tsx';
import { FormDialog } from './dialog.tsx';

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
    <FormDialog title={t('password.change')} onSave={submit} onClose={onClose}>
      <p>{t('password.text')}</p>
      <PasswordField
        {...{ label: t('password.old'), value: old.value, isFocused: true }}
        onInput={(value) => (old.value = value)}
      />
      <PasswordField
        {...{ label: t('password.new'), value: fresh.value, isNew: true }}
        onInput={(value) => (fresh.value = value)}
      />
      <Problem text={actProblem.value} />
    </FormDialog>
  );
}
