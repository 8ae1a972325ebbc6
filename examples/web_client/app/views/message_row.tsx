import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Message } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { me } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import type { MessageRow } from '../state/rows.ts';
import { clock, full } from '../text/times.ts';
import { Avatar, Name } from './avatar.tsx';
import type { Draft } from './draft.ts';
import { Icon } from './icons.tsx';
import { MessageActions } from './message_actions.tsx';
import { MessageText } from './message_text.tsx';
import { Quote } from './quote.tsx';
import { UnsaidLine } from './unsaid_line.tsx';

const SHOWN_READERS = 5;

/** What all rows of a conversation share; each of it stays the same, or all are drawn again. */
export interface RowContext {
  room: string;
  isGroup: boolean;
  /** The server of the room, where it is another one. */
  hub: string | undefined;
  /** Also what others said. */
  mayErase: boolean;
  draft: Signal<Draft>;
  jumpTo: (seq: number) => void;
}

export interface MessageRowProps extends MessageRow, RowContext {
  rowKey: string;
}

function State({ state }: { state: MessageRow['state'] }): JSX.Element | null {
  if (!state) return null;
  const icon = {
    waiting: 'clock',
    pending: 'clock',
    failed: 'alert',
    sent: 'check',
    read: 'check',
  } as const;
  return (
    <span
      class={`state ${state}`}
      role="img"
      aria-label={t(`message.${state}`)}
      title={t(`message.${state}`)}
    >
      <Icon name={icon[state]} />
      {state === 'read' && <Icon name="check" />}
    </span>
  );
}

function Reactions({ message, room }: { message: Message; room: string }): JSX.Element | null {
  if (message.reactions.size === 0) return null;
  const self = me.value?.user ?? '';
  return (
    <div class="reactions">
      {[...message.reactions].map(([reaction, users]) => {
        const isMine = users.includes(self);
        const who = users.map((user) => nameOf(user)).join(', ');
        return (
          <button
            key={reaction}
            type="button"
            class="reaction"
            aria-pressed={isMine}
            aria-label={t('message.reaction', { reaction, who })}
            title={who}
            onClick={() => void chat.react(room, message.seq, reaction, !isMine)}
          >
            <bdi class="reaction-word">{reaction}</bdi> {users.length}
          </button>
        );
      })}
    </div>
  );
}

function Bubble(props: MessageRowProps): JSX.Element {
  const { message, isGroup, isFirst, isOwn } = props;
  const { content } = message;
  return (
    <div class="bubble">
      {isFirst && !isOwn && isGroup && (
        <p class="sender">
          <Name user={message.sender} />
        </p>
      )}
      {content?.reply_to !== undefined && (
        <Quote room={props.room} seq={content.reply_to} onOpen={props.jumpTo} />
      )}
      {!content && <p class="text is-erased">{t('message.erased')}</p>}
      {content?.text !== undefined && (
        <MessageText
          text={content.text}
          {...(content.mentions && { mentions: content.mentions })}
        />
      )}
      {content && content.text === undefined && (
        <p class="text is-erased">{t('message.encrypted')}</p>
      )}
      <span class="meta">
        {message.edit !== undefined && <span>{t('message.edited')}</span>}
        <time dateTime={new Date(message.time).toISOString()} title={full(message.time)}>
          {clock(message.time)}
        </time>
        <State state={props.state} />
      </span>
    </div>
  );
}

/** One message, with what can be done about it. */
export function MessageRowView(props: MessageRowProps): JSX.Element {
  const { message, room, isGroup, isOwn, isFirst, isLast, unsaid } = props;
  const isMenuOpen = useSignal(false);
  const isMentioned = message.content?.mentions?.includes(me.value?.user ?? '') && !isOwn;
  const classes = [
    'message',
    isOwn && 'is-own',
    isFirst && 'is-first',
    isLast && 'is-last',
    isMentioned && 'is-mentioned',
    isMenuOpen.value && 'has-menu',
  ];
  return (
    <article
      class={classes.filter(Boolean).join(' ')}
      data-key={props.rowKey}
      data-seq={message.seq || undefined}
      aria-label={t('message.by', { name: nameOf(message.sender), time: clock(message.time) })}
      onContextMenu={(event) => {
        const isSelecting = !getSelection()?.isCollapsed;
        if (isSelecting || message.seq === 0) return;
        event.preventDefault();
        isMenuOpen.value = true;
      }}
    >
      {isGroup && !isOwn && (
        <span class="message-avatar">
          {isLast && <Avatar id={message.sender} name={nameOf(message.sender)} size="small" />}
        </span>
      )}
      <div class="message-body">
        <div class="bubble-line">
          <Bubble {...props} />
          {message.seq > 0 && message.content && <MessageActions {...props} isOpen={isMenuOpen} />}
        </div>
        <Reactions message={message} room={room} />
        {unsaid && <UnsaidLine unsaid={unsaid} hub={props.hub} />}
      </div>
      <Readers users={props.readers} />
    </article>
  );
}

function Readers({ users }: { users: readonly string[] }): JSX.Element | null {
  if (users.length === 0) return null;
  const names = users.map((user) => nameOf(user)).join(', ');
  return (
    <div
      class="readers"
      role="img"
      aria-label={t('message.readBy', { names })}
      title={t('message.readBy', { names })}
    >
      {users.slice(0, SHOWN_READERS).map((user) => (
        <Avatar key={user} id={user} name={nameOf(user)} size="small" />
      ))}
      {users.length > SHOWN_READERS && <span>+{users.length - SHOWN_READERS}</span>}
    </div>
  );
}
