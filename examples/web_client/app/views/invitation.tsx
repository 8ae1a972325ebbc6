import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { pending } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { go, hashOf } from '../state/route.ts';
import { PersonAvatar } from './avatar.tsx';
import { Problem } from './controls.tsx';

/** Somebody wants us in a room. */
export function Invitation({ room }: { room: Room }): JSX.Element {
  const { room: id, invited_by } = room;
  useEffect(() => {
    actProblem.value = undefined;
  }, []);
  const isJoining = [...pending.value.values()].some(
    (one) => one.room === id && one.kind === 'member' && one.refused === undefined,
  );
  const decline = async () => {
    if (await act(() => chat.call('room.leave', { room: id }))) go({ at: 'rooms' });
  };
  return (
    <main class="welcome" aria-label={t('room.invitation')}>
      {invited_by && <PersonAvatar user={invited_by} size="large" />}
      <h1>{t('invitation.title')}</h1>
      <p>
        {invited_by
          ? t('invitation.text', { name: nameOf(invited_by), user: invited_by })
          : t('room.invitation')}
      </p>
      {room.hub && <p>{t('invitation.hub', { server: room.hub })}</p>}
      <Problem text={actProblem.value} />
      {isJoining ? (
        <p role="status">{t('invitation.waiting', { server: room.hub ?? '' })}</p>
      ) : (
        <div class="buttons">
          <button type="button" class="button" onClick={() => void decline()}>
            {t('action.decline')}
          </button>
          <button
            type="button"
            class="button primary"
            onClick={() => void act(() => chat.call('room.join', { room: id }))}
          >
            {t('action.accept')}
          </button>
        </div>
      )}
      <a class="link only-narrow" href={hashOf({ at: 'rooms' })}>
        {t('action.back')}
      </a>
    </main>
  );
}
