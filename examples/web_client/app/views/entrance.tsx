import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { notice } from '../state/known.ts';
import { askServerName, serverName } from '../state/server.ts';
import { deviceName } from '../text/device_name.ts';
import { problem } from '../text/problem.ts';
import { Field, Form, PasswordField, Problem } from './controls.tsx';
import { LanguageChoice } from './language_choice.tsx';

type Mode = 'login' | 'signUp';

/** Log in, or make an account. */
export function Entrance(): JSX.Element {
  const mode = useSignal<Mode>('login');
  useEffect(() => void askServerName(), []);
  return (
    <main class="entrance">
      <div class="card">
        <img src="./icon.svg" alt="" width="56" height="56" />
        <h1>{t(mode.value === 'login' ? 'entrance.login' : 'entrance.signUp')}</h1>
        <p class="server">{serverName.value || '\u00a0'}</p>
        {notice.value === 'revoked' && <p class="banner">{t('entrance.revoked')}</p>}
        <EntranceForm key={mode.value} mode={mode.value} />
        <button
          type="button"
          class="link"
          onClick={() => (mode.value = mode.value === 'login' ? 'signUp' : 'login')}
        >
          {t(mode.value === 'login' ? 'entrance.toSignUp' : 'entrance.toLogin')}
        </button>
      </div>
      <LanguageChoice />
    </main>
  );
}

interface Entered {
  user: string;
  password: string;
  displayName: string;
  invite: string;
}

async function enter(mode: Mode, entered: Entered): Promise<void> {
  const name = entered.user.trim().toLowerCase();
  const display_name = entered.displayName.trim();
  const invite = entered.invite.trim();
  const { password } = entered;
  const device_name = deviceName(navigator.userAgent);
  if (mode === 'login') await chat.login({ user: name, password, device_name });
  else
    await chat.signUp({
      ...{ name, password, device_name },
      ...(display_name && { display_name }),
      ...(invite && { invite }),
    });
  notice.value = undefined;
}

function EntranceForm({ mode }: { mode: Mode }): JSX.Element {
  const entered = useSignal<Entered>({ user: '', password: '', displayName: '', invite: '' });
  const failure = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const set = (change: Partial<Entered>) => (entered.value = { ...entered.value, ...change });

  async function submit(): Promise<void> {
    isBusy.value = true;
    failure.value = undefined;
    try {
      await enter(mode, entered.value);
    } catch (error) {
      failure.value = entranceProblem(mode, error);
    } finally {
      isBusy.value = false;
    }
  }

  return (
    <Form onSubmit={submit}>
      <Fields mode={mode} entered={entered.value} set={set} />
      <Problem text={failure.value} />
      <button type="submit" class="button primary" disabled={isBusy.value}>
        {t(mode === 'login' ? 'entrance.login' : 'entrance.signUp')}
      </button>
    </Form>
  );
}

interface FieldsProps {
  mode: Mode;
  entered: Entered;
  set: (change: Partial<Entered>) => void;
}

function Fields({ mode, entered, set }: FieldsProps): JSX.Element {
  const { user, password, displayName, invite } = entered;
  const isNew = mode === 'signUp';
  return (
    <>
      <Field
        {...{ label: t('entrance.user'), value: user, isRequired: true, isFocused: true }}
        {...(isNew && { hint: t('entrance.userHint') })}
        isCode
        autocomplete="username"
        onInput={(value) => set({ user: value })}
      />
      {isNew && (
        <Field
          {...{ label: t('profile.displayName'), value: displayName, maxLength: 100 }}
          autocomplete="name"
          onInput={(value) => set({ displayName: value })}
        />
      )}
      <PasswordField
        {...{ label: t('entrance.password'), value: password, isNew }}
        onInput={(value) => set({ password: value })}
      />
      {isNew && (
        <Field
          {...{ label: t('entrance.invite'), value: invite, hint: t('entrance.inviteHint') }}
          isCode
          onInput={(value) => set({ invite: value })}
        />
      )}
    </>
  );
}

function entranceProblem(mode: Mode, error: unknown): string {
  const { code } = error as { code?: string };
  if (code === 'unauthenticated') return t('entrance.wrong');
  if (code === 'conflict') return t('entrance.taken');
  if (code === 'forbidden' && mode === 'signUp') return t('entrance.closed');
  if (code === 'invalid_params') return t('entrance.badName');
  return problem(error);
}
