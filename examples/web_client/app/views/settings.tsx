import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { me, outbox, people } from '../state/known.ts';
import { canNotify } from '../state/notify.ts';
import { go, hashOf } from '../state/route.ts';
import { theme, type Theme } from '../state/settings.ts';
import { Field, Form, Page, Problem, Toggle } from './controls.tsx';
import { confirm } from './dialog.tsx';
import { PersonAvatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import { LanguageChoice } from './language_choice.tsx';
import { PasswordForm } from './password_form.tsx';

async function logOut(): Promise<void> {
  const waiting = outbox.value.size;
  const text = waiting > 0 ? t('logout.unsent', { count: waiting }) : t('logout.text');
  if (!(await confirm(t('logout.title'), text, t('logout.title')))) return;
  await chat.logout();
  go({ at: 'rooms' });
}

/** Who one is, how the program looks, and the way out. */
export function Settings(): JSX.Element {
  useEffect(() => {
    actProblem.value = undefined;
  }, []);
  return (
    <Page title={t('settings.title')} back={hashOf({ at: 'rooms' })} backLabel={t('action.back')}>
      <Problem text={actProblem.value} />
      <ProfileForm />
      <section class="section">
        <h2>{t('settings.look')}</h2>
        <LanguageChoice />
        <ThemeChoice />
        <Notifications />
      </section>
      <section class="section">
        <h2>{t('settings.security')}</h2>
        <a class="row-link" href={hashOf({ at: 'settings', page: 'devices' })}>
          <Icon name="devices" />
          {t('devices.title')}
          <Icon name="forward" />
        </a>
        <Visibility />
        <PasswordForm />
      </section>
      <section class="section">
        <button type="button" class="button danger" onClick={() => void logOut()}>
          {t('logout.title')}
        </button>
      </section>
    </Page>
  );
}

function ProfileForm(): JSX.Element {
  const user = me.value?.user ?? '';
  const known = people.value.get(user);
  const displayName = useSignal<string | undefined>(undefined);
  const statusText = useSignal<string | undefined>(undefined);
  const name = displayName.value ?? known?.display_name ?? '';
  const text = statusText.value ?? known?.status_text ?? '';
  const isChanged = name !== known?.display_name || text !== known.status_text;
  const save = () =>
    act(async () => {
      await chat.call('profile.set', { display_name: name.trim(), status_text: text.trim() });
      await chat.want(user);
      displayName.value = undefined;
      statusText.value = undefined;
    });
  return (
    <Form class="section" onSubmit={save}>
      <div class="profile-head">
        <PersonAvatar user={user} size="large" />
        <span class="id">{user}</span>
      </div>
      <Field
        {...{ label: t('profile.displayName'), value: name, maxLength: 100 }}
        onInput={(value) => (displayName.value = value)}
      />
      <Field
        {...{ label: t('profile.status'), value: text, maxLength: 200 }}
        onInput={(value) => (statusText.value = value)}
      />
      <button type="submit" class="button primary" disabled={!isChanged}>
        {t('action.save')}
      </button>
    </Form>
  );
}

function ThemeChoice(): JSX.Element {
  const id = useId();
  return (
    <div class="field choice">
      <label for={id}>{t('settings.theme')}</label>
      <select
        id={id}
        value={theme.value}
        onChange={({ currentTarget }) => (theme.value = currentTarget.value as Theme)}
      >
        {(['auto', 'light', 'dark'] as const).map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

function Notifications(): JSX.Element | null {
  const isOn = useSignal(canNotify());
  if (!('Notification' in globalThis)) return null;
  const ask = async () => {
    await Notification.requestPermission();
    isOn.value = canNotify();
  };
  return (
    <Toggle
      label={t('settings.notify')}
      isOn={isOn.value}
      isDisabled={isOn.value || Notification.permission === 'denied'}
      onChange={() => void ask()}
    />
  );
}

/** Whether others see when one is there. */
function Visibility(): JSX.Element {
  const isVisible = useSignal<boolean | undefined>(undefined);
  const set = (visible?: boolean) =>
    act(async () => {
      const given = { state: 'online' as const, ...(visible !== undefined && { visible }) };
      isVisible.value = (await chat.call('presence.set', given)).visible;
    });
  useEffect(() => void set(), []);
  return (
    <Toggle
      label={t('settings.visible')}
      isOn={isVisible.value ?? true}
      isDisabled={isVisible.value === undefined}
      onChange={(visible) => void set(visible)}
    />
  );
}
