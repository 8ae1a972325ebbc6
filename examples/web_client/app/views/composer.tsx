import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { contacts } from '../state/known.ts';
import { nameOf, titleOf } from '../state/names.ts';
import type { Timeline } from '../state/timeline.ts';
import { useWriting, type Writing } from './composer_hooks.ts';
import { IconButton } from './controls.tsx';
import type { Draft } from './draft.ts';
import { Icon } from './icons.tsx';
import { MentionList, useMentions } from './mention_list.tsx';

interface ComposerProps {
  room: Room;
  draft: Signal<Draft>;
  timeline: Timeline;
}

/** Where one writes. */
export function Composer(props: ComposerProps): JSX.Element {
  const { room } = props;
  const isBlocked = room.type === 'direct' && contacts.value.get(room.peer ?? '')?.blocked;
  return isBlocked ? <Blocked room={room} /> : <OpenComposer {...props} />;
}

function Blocked({ room }: { room: Room }): JSX.Element {
  const { peer: user = '' } = room;
  return (
    <div class="composer">
      <p class="composer-note">
        {t('contact.blockedNote', { name: titleOf(room) })}{' '}
        <button
          type="button"
          class="link"
          onClick={() => void chat.call('contact.block', { user, blocked: false })}
        >
          {t('contact.unblock')}
        </button>
      </p>
    </div>
  );
}

/** Enter sends; with a finger, Enter begins a new line. */
function OpenComposer({ room, draft, timeline }: ComposerProps): JSX.Element {
  const area = useRef<HTMLTextAreaElement>(null);
  const writing = useWriting(room, draft, timeline, area);
  const { text } = writing;
  const mentions = useMentions(room, text, area);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void writing.submit();
      }}
    >
      <MentionList mentions={mentions} />
      <Context writing={writing} draft={draft} />
      <Failures writing={writing} />
      <div class="composer-line">
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          enterkeyhint="enter"
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label', { room: titleOf(room) })}
          {...mentions.areaProps}
          value={text.value}
          onInput={({ currentTarget }) => writing.onInput(currentTarget.value)}
          onKeyDown={(event) => {
            if (!event.isComposing && !mentions.onKeyDown(event)) writing.onKeyDown(event);
          }}
        />
        <button
          type="submit"
          class="send"
          disabled={!writing.isReady}
          aria-label={t('composer.send')}
          title={t('composer.send')}
        >
          <Icon name={draft.value.kind === 'edit' ? 'check' : 'send'} />
        </button>
      </div>
    </form>
  );
}

function Failures({ writing }: { writing: Writing }): JSX.Element | null {
  const text =
    writing.tooMany > 0 ? t('composer.tooLong', { count: writing.tooMany }) : writing.failure.value;
  if (text === undefined) return null;
  return (
    <p class="failure" role="alert">
      {text}
    </p>
  );
}

/** What is answered or edited. */
function Context(props: { writing: Writing; draft: Signal<Draft> }): JSX.Element | null {
  const { value: draft } = props.draft;
  if (draft.kind === 'new') return null;
  const { message } = draft;
  return (
    <div class="composer-context">
      <Icon name={draft.kind} />
      <span class="composer-context-text">
        <strong>
          {draft.kind === 'edit'
            ? t('composer.editing')
            : t('composer.replying', { name: nameOf(message.sender) })}
        </strong>
        <bdi>{message.content?.text?.slice(0, 200)}</bdi>
      </span>
      <IconButton icon="close" label={t('action.cancel')} onClick={() => props.writing.cancel()} />
    </div>
  );
}
