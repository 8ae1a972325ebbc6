import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Device } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { status } from '../state/known.ts';
import { hashOf } from '../state/route.ts';
import { ago } from '../text/times.ts';
import { Page, Problem } from './controls.tsx';
import { confirm } from './dialog.tsx';
import { Icon } from './icons.tsx';

/** Where this account is logged in; each can be logged out from here. */
export function Devices(): JSX.Element {
  const devices = useSignal<readonly Device[]>([]);
  const load = async () => {
    devices.value = (await chat.call('device.list', {})).devices;
  };
  const isOnline = status.value.state === 'online';
  useEffect(() => {
    if (isOnline) void act(load);
  }, [isOnline]);

  async function revoke({ device, name }: Device): Promise<void> {
    const isSure = await confirm(
      t('devices.revoke'),
      t('devices.revokeText', { name }),
      t('devices.revoke'),
    );
    if (isSure) await act(() => chat.call('device.revoke', { device }).then(load));
  }

  return (
    <Page
      title={t('devices.title')}
      back={hashOf({ at: 'settings' })}
      backLabel={t('settings.title')}
    >
      <Problem text={actProblem.value} />
      <ul class="people">
        {devices.value.map((device) => (
          <li key={device.device} class="person-row">
            <div class="person">
              <span class="avatar device" aria-hidden="true">
                <Icon name="devices" />
              </span>
              <span class="person-name">
                <bdi>{device.name}</bdi>
              </span>
              <span class="person-line">
                {device.this
                  ? t('devices.this')
                  : device.online
                    ? t('presence.online')
                    : t('presence.lastSeen', { when: ago(device.last_seen) })}
              </span>
            </div>
            {!device.this && (
              <button type="button" class="button danger" onClick={() => void revoke(device)}>
                {t('devices.revoke')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Page>
  );
}
