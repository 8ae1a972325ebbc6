import type { Signal } from '@preact/signals';
import { Component, createRef, type JSX } from 'preact';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { me, outbox, pending } from '../state/known.ts';
import { mayManage } from '../state/roles.ts';
import { rowsOf, type Row } from '../state/rows.ts';
import type { Jump, Timeline } from '../state/timeline.ts';
import { ofOutgoing, ofPending } from '../state/unsaid.ts';
import { day } from '../text/times.ts';
import { problem } from '../text/problem.ts';
import type { Draft } from './draft.ts';
import { EventRowView } from './event_row.tsx';
import { Icon } from './icons.tsx';
import { MessageRowView, type RowContext } from './message_row.tsx';
import { anchorAt, isAtEnd, keepAt, lastSeenSeq, type Anchor } from './scrolling.ts';

interface TimelineProps {
  room: Room;
  timeline: Timeline;
  unreadFrom: number | undefined;
  draft: Signal<Draft>;
}

// Begins to load this far before the reader arrives.
const AHEAD_PX = 1200;

/**
 * The conversation as it scrolls. What the reader looks at stays where it is, whatever is put in or
 * taken away above; who is at the end stays at the end.
 */
export class TimelineView extends Component<TimelineProps, { isAtEnd: boolean }> {
  override state = { isAtEnd: true };
  private readonly scroller = createRef<HTMLDivElement>();
  private readonly list = createRef<HTMLDivElement>();
  private readonly observer = new ResizeObserver(() => this.onResize());
  private hasArrived = false;
  /** Whether new rows pull the reader along; what `state` says, without its delay. */
  private isPinned = true;
  private frame = 0;

  override componentDidMount(): void {
    for (const { current } of [this.scroller, this.list])
      if (current) this.observer.observe(current);
    addEventListener('focus', this.onScroll);
  }

  override componentWillUnmount(): void {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    removeEventListener('focus', this.onScroll);
  }

  override getSnapshotBeforeUpdate(): Anchor | null {
    return this.scroller.current && anchorAt(this.scroller.current);
  }

  override componentDidUpdate(_: TimelineProps, __: object, anchor: Anchor | null): void {
    const { current } = this.scroller;
    const { timeline } = this.props;
    if (!current || !timeline.isLoaded.peek()) return;
    const jump = timeline.jump.peek();
    if (jump) {
      timeline.jump.value = undefined;
      this.arriveAt(current, jump);
    } else if (this.isPinned) {
      current.scrollTop = current.scrollHeight;
    } else if (anchor) {
      keepAt(current, anchor);
    }
    this.hasArrived = true;
    this.onScroll();
  }

  private arriveAt(scroller: HTMLElement, { seq, reason }: Jump): void {
    this.isPinned = reason === 'end';
    const line = reason === 'unread' ? scroller.querySelector('[data-key="unread"]') : null;
    const row = line ?? scroller.querySelector(`[data-seq="${seq}"]`);
    if (!row) return void (scroller.scrollTop = scroller.scrollHeight);
    row.scrollIntoView({ block: reason === 'unread' ? 'start' : 'center' });
    if (reason === 'unread') return;
    row.classList.remove('is-found');
    void row.getBoundingClientRect(); // so that the animation begins anew
    row.classList.add('is-found');
  }

  /** The window, the composer or a row has another height now. */
  private onResize(): void {
    const { current } = this.scroller;
    if (current && this.isPinned) current.scrollTop = current.scrollHeight;
  }

  private readonly onScroll = (): void => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.look());
  };

  /** What follows from where the reader is now. */
  private look(): void {
    const { current } = this.scroller;
    const { timeline, room } = this.props;
    if (!current || !this.hasArrived) return;
    const atEnd = isAtEnd(current) && !timeline.hasAfter.peek();
    this.isPinned = atEnd;
    if (atEnd !== this.state.isAtEnd) this.setState({ isAtEnd: atEnd });
    const { scrollTop, scrollHeight, clientHeight } = current;
    if (scrollTop < AHEAD_PX) void timeline.loadBefore();
    if (scrollHeight - scrollTop - clientHeight < AHEAD_PX) void timeline.loadAfter();
    if (!document.hasFocus() || document.hidden) return;
    const seen = atEnd ? room.head_seq : lastSeenSeq(current);
    if (seen > room.marked) void chat.markRead(room.room, seen);
  }

  private rows(): Row[] {
    const { room, timeline, unreadFrom } = this.props;
    return rowsOf({
      me: me.value?.user ?? '',
      items: timeline.items.value,
      unsaid: [
        ...[...pending.value.values()].filter((one) => one.room === room.room).map(ofPending),
        ...[...outbox.value.values()].filter((out) => out.room === room.room).map(ofOutgoing),
      ],
      members: room.members,
      isDirect: room.type === 'direct',
      unreadFrom,
      isAtEnd: !timeline.hasAfter.value,
    });
  }

  private readonly jumpTo = (seq: number): void =>
    void this.props.timeline.goTo({ seq, reason: 'found' });

  override render({ room, timeline, draft }: TimelineProps): JSX.Element {
    const rows = timeline.isLoaded.value ? this.rows() : [];
    const isGroup = room.type === 'group';
    const mayErase = isGroup && mayManage(room);
    const { room: id, hub } = room;
    const context = { room: id, isGroup, hub, mayErase, draft, jumpTo: this.jumpTo };
    // So that a jump within what is here is drawn too.
    const { value: _ } = timeline.jump;
    return (
      <div class="timeline-box">
        <div
          class="timeline"
          ref={this.scroller}
          role="log"
          aria-label={t('conversation.messages')}
          aria-busy={!timeline.isLoaded.value}
          tabIndex={0}
          onScroll={this.onScroll}
        >
          <Beginning timeline={timeline} />
          <div class="timeline-rows" ref={this.list}>
            {rows.map((row) => (
              <RowView key={row.key} row={row} context={context} />
            ))}
          </div>
        </div>
        {!this.state.isAtEnd && (
          <button
            type="button"
            class="to-end"
            aria-label={t('conversation.toEnd')}
            title={t('conversation.toEnd')}
            onClick={() => void timeline.toEnd()}
          >
            <Icon name="down" />
            {room.unread > 0 && <span class="badge">{room.unread}</span>}
          </button>
        )}
      </div>
    );
  }
}

/** What is above the first row: more, nothing, or why there is no more just now. */
function Beginning({ timeline }: { timeline: Timeline }): JSX.Element | null {
  if (timeline.failure.value !== undefined)
    return (
      <p class="beginning">
        {problem(timeline.failure.value)}{' '}
        <button type="button" class="link" onClick={() => void timeline.retry()}>
          {t('action.retry')}
        </button>
      </p>
    );
  if (timeline.hasBefore.value) return <p class="beginning">{t('conversation.loading')}</p>;
  return null;
}

function RowView({ row, context }: { row: Row; context: RowContext }): JSX.Element {
  switch (row.kind) {
    case 'day':
      return (
        <div class="day" data-key={row.key} role="separator" aria-label={day(row.time)}>
          <span aria-hidden="true">{day(row.time)}</span>
        </div>
      );
    case 'unread':
      return (
        <div
          class="unread-line"
          data-key="unread"
          role="separator"
          aria-label={t('conversation.unread')}
        >
          <span aria-hidden="true">{t('conversation.unread')}</span>
        </div>
      );
    case 'event':
      return <EventRowView {...row} rowKey={row.key} hub={context.hub} />;
    case 'message':
      return <MessageRowView {...row} {...context} rowKey={row.key} />;
  }
}
