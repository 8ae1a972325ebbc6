import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { rooms } from '../state/known.ts';
import { go, hashOf, type Route } from '../state/route.ts';
import { Timeline } from '../state/timeline.ts';
import { moment } from '../text/times.ts';
import { Composer } from './composer.tsx';
import { Problem } from './controls.tsx';
import type { Draft } from './draft.ts';
import { Invitation } from './invitation.tsx';
import { RoomDetails } from './room_details.tsx';
import { RoomHeader } from './room_header.tsx';
import { TimelineView } from './timeline_view.tsx';

interface ConversationProps {
  id: string;
  route: Extract<Route, { at: 'room' }>;
}

/** A room: what was said, and where to say something. */
export function Conversation({ id, route }: ConversationProps): JSX.Element {
  const room = rooms.value.get(id);
  if (!room) return <Stranger id={id} />;
  if (room.membership === 'invited') return <Invitation room={room} />;
  return <OpenRoom room={room} route={route} />;
}

/** A room that this account is not in (any more): an open one can be entered. */
function Stranger({ id }: { id: string }): JSX.Element {
  useEffect(() => {
    actProblem.value = undefined;
  }, []);
  return (
    <main class="welcome" aria-label={t('room.gone')}>
      <p>{t('room.gone')}</p>
      <Problem text={actProblem.value} />
      <div class="buttons">
        <a class="button" href={hashOf({ at: 'rooms' })}>
          {t('action.back')}
        </a>
        <button
          type="button"
          class="button primary"
          onClick={() => void act(() => chat.call('room.join', { room: id }))}
        >
          {t('room.join')}
        </button>
      </div>
    </main>
  );
}

function OpenRoom({ room, route }: { room: Room; route: ConversationProps['route'] }): JSX.Element {
  const { room: id } = room;
  const timeline = useMemo(() => new Timeline(id), []);
  // The line above what is unread stays where it was when the room was opened.
  const unreadFrom = useMemo(() => (room.unread > 0 ? room.marked + 1 : undefined), []);
  const draft = useSignal<Draft>({ kind: 'new' });

  useEffect(() => {
    const wanted = route.seq
      ? ({ seq: route.seq, reason: 'found' } as const)
      : unreadFrom !== undefined
        ? ({ seq: unreadFrom, reason: 'unread' } as const)
        : undefined;
    void timeline.open(wanted);
    void chat.watch(id);
    return () => {
      timeline.close();
      void chat.watch(undefined);
    };
  }, []);

  const isShowingDetails = route.pane === 'details';
  return (
    <div class={`room-view ${isShowingDetails ? 'has-details' : ''}`}>
      <main class="conversation" aria-label={t('conversation.label')}>
        <RoomHeader room={room} isShowingDetails={isShowingDetails} />
        {room.hub && room.unreachable_since !== undefined && (
          <p class="banner" role="status">
            {t('hub.away', { server: room.hub, when: moment(room.unreachable_since) })}
          </p>
        )}
        <TimelineView {...{ room, timeline, unreadFrom, draft }} />
        <Composer room={room} draft={draft} timeline={timeline} />
      </main>
      {isShowingDetails && <RoomDetails room={room} onClose={() => go({ at: 'room', room: id })} />}
    </div>
  );
}
