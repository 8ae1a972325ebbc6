import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { notice, status } from '../state/known.ts';
import { updateNow, waitingVersion } from '../state/update.ts';

// A reconnect that takes less is nobody's business.
const QUIET_MS = 1500;

function useLasting(isSo: boolean): boolean {
  const lasts = useSignal(false);
  useEffect(() => {
    lasts.value = false;
    if (!isSo) return;
    const timer = setTimeout(() => (lasts.value = true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isSo]);
  return isSo && lasts.value;
}

/** What one should know about the line and the program; nothing while all is well. */
export function Banner(): JSX.Element {
  const { state } = status.value;
  const isAway = useLasting(state !== 'online');
  const isNewer = notice.value === 'superseded' || waitingVersion.value !== undefined;
  return (
    <div class="banners" role="status">
      {isAway && (
        <p class="banner">
          <span>{t(state === 'syncing' ? 'line.syncing' : 'line.offline')}</span>
          {state === 'offline' && (
            <button type="button" class="link" onClick={() => void chat.tryNow()}>
              {t('line.tryNow')}
            </button>
          )}
        </p>
      )}
      {isNewer && (
        <p class="banner">
          <span>{t('update.text')}</span>
          <button type="button" class="link" onClick={updateNow}>
            {t('update.reload')}
          </button>
        </p>
      )}
      {notice.value === 'store failed' && <p class="banner bad">{t('error.store')}</p>}
    </div>
  );
}
