import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import type { Unsaid } from '../state/unsaid.ts';
import { problem } from '../text/problem.ts';

/** Takes it back, or forgets what failed. */
async function takeBack(unsaid: Unsaid): Promise<void> {
  if (unsaid.pending !== undefined) await chat.cancelPending(unsaid.pending);
  else if (unsaid.id !== undefined) await chat.cancel(unsaid.id);
}

interface UnsaidProps {
  unsaid: Unsaid;
  hub: string | undefined;
}

/** What failed or waits for another server, and what can be done about it. */
export function UnsaidLine({ unsaid, hub }: UnsaidProps): JSX.Element | null {
  const { id, state, error, pending } = unsaid;
  const button = (label: string, run: () => Promise<unknown>) => (
    // Without a connection all stays as it is, and the banner says why.
    <button type="button" class="link" onClick={() => void run().catch(() => undefined)}>
      {label}
    </button>
  );
  if (state === 'waiting') return null;
  if (state === 'pending')
    return (
      <p class="unsaid">
        <span>{t('message.pendingFor', { server: hub ?? '' })}</span>
        {button(t('action.cancel'), () => takeBack(unsaid))}
      </p>
    );
  return (
    <p class="unsaid failure" role="alert">
      <span>{t('message.failedBecause', { why: problem(error ?? {}) })}</span>
      {pending === undefined && id && button(t('action.retry'), () => chat.retry(id))}
      {button(t('action.discard'), () => takeBack(unsaid))}
    </p>
  );
}
