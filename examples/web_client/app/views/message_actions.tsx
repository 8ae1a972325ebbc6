import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Message } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { me } from '../state/known.ts';
import { confirm } from './dialog.tsx';
import type { Draft } from './draft.ts';
import { EMOJI, QUICK_EMOJI } from './emoji.ts';
import { Icon, type IconName } from './icons.tsx';

interface ActionsProps {
  message: Message;
  room: string;
  isOwn: boolean;
  mayErase: boolean;
  isOpen: Signal<boolean>;
  draft: Signal<Draft>;
}

interface Action {
  icon: IconName;
  label: string;
  run: () => void;
  isGrave?: boolean;
}

async function erase(room: string, message: Message): Promise<void> {
  const isSure = await confirm(t('erase.title'), t('erase.text'), t('action.delete'));
  if (isSure) await chat.redact(room, message.seq);
}

function actionsFor({ message, room, isOwn, mayErase, draft }: ActionsProps): Action[] {
  const onDraft = (next: Draft) => (draft.value = next);
  const text = message.content?.text;
  return [
    { icon: 'reply', label: t('action.reply'), run: () => onDraft({ kind: 'reply', message }) },
    ...(text !== undefined
      ? [
          {
            icon: 'copy' as const,
            label: t('action.copy'),
            run: () => void navigator.clipboard.writeText(text),
          },
        ]
      : []),
    ...(isOwn && text !== undefined
      ? [
          {
            icon: 'edit' as const,
            label: t('action.edit'),
            run: () => onDraft({ kind: 'edit', message }),
          },
        ]
      : []),
    ...(isOwn || mayErase
      ? [
          {
            icon: 'trash' as const,
            label: t('action.delete'),
            run: () => void erase(room, message),
            isGrave: true,
          },
        ]
      : []),
  ];
}

/** The button that appears beside a message, and the menu with all that can be done. */
export function MessageActions(props: ActionsProps): JSX.Element {
  const { isOpen } = props;
  return (
    <div class="actions">
      <button
        type="button"
        class="icon-button"
        aria-label={t('action.more')}
        title={t('action.more')}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name="more" />
      </button>
      {isOpen.value && <Menu {...props} />}
    </div>
  );
}

const MARGIN_PX = 8;

/** Beside its button, and within the window. */
function place(menu: HTMLElement): void {
  const button = menu.parentElement?.getBoundingClientRect();
  if (!button) return;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = button.bottom + height + MARGIN_PX < innerHeight;
  const top = isBelow ? button.bottom : Math.max(MARGIN_PX, button.top - height);
  const left = Math.min(button.left, innerWidth - width - MARGIN_PX);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(MARGIN_PX, left)}px`;
}

/** Takes the focus and gives it back; a click elsewhere and scrolling close. */
function useMenu(isOpen: Signal<boolean>): { current: HTMLDivElement | null } {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = menu;
    const before = document.activeElement;
    if (!current) return;
    place(current);
    current.querySelector('button')?.focus({ preventScroll: true });
    const close = (event: Event) => {
      if (!current.parentElement?.contains(event.target as Node)) isOpen.value = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('wheel', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('wheel', close);
      if (before instanceof HTMLElement && document.activeElement === document.body) before.focus();
    };
  }, []);
  return menu;
}

/** Arrow keys go from one entry to the next. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const steps: { [key: string]: number } = {
    ArrowDown: 1,
    ArrowUp: -1,
    ArrowRight: document.documentElement.dir === 'rtl' ? -1 : 1,
    ArrowLeft: document.documentElement.dir === 'rtl' ? 1 : -1,
  };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(now + step + buttons.length) % buttons.length]?.focus();
}

interface EmojiProps {
  label: string;
  emoji: readonly string[];
  onChoose: (emoji: string) => void;
}

function EmojiGroup({ label, emoji, onChoose }: EmojiProps): JSX.Element {
  const isAll = emoji.length > QUICK_EMOJI.length;
  return (
    <div class={`menu-emoji ${isAll ? 'is-all' : ''}`} role="group" aria-label={label}>
      {emoji.map((one) => (
        <button key={one} type="button" role="menuitem" onClick={() => onChoose(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}

function Menu(props: ActionsProps): JSX.Element {
  const { message, room, isOpen } = props;
  const menu = useMenu(isOpen);
  const hasAll = useSignal(false);
  useLayoutEffect(() => {
    if (menu.current) place(menu.current);
  }, [hasAll.value]);
  const close = () => (isOpen.value = false);
  const react = (reaction: string) => {
    const users = message.reactions.get(reaction) ?? [];
    void chat.react(room, message.seq, reaction, !users.includes(me.value?.user ?? ''));
    close();
  };
  const item = (action: Action) => (
    <button
      key={action.icon}
      type="button"
      role="menuitem"
      class={`menu-item ${action.isGrave ? 'grave' : ''}`}
      onClick={action.run}
    >
      <Icon name={action.icon} />
      {action.label}
    </button>
  );
  const more = () => (hasAll.value = true);
  return (
    <div
      class="menu"
      role="menu"
      aria-label={t('action.more')}
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Tab') close();
        else moveFocus(event);
      }}
    >
      <EmojiGroup label={t('action.react')} emoji={QUICK_EMOJI} onChoose={react} />
      {hasAll.value ? (
        <EmojiGroup label={t('action.moreEmoji')} emoji={EMOJI} onChoose={react} />
      ) : (
        item({ icon: 'smile', label: t('action.moreEmoji'), run: more })
      )}
      {actionsFor(props).map((action) =>
        item({
          ...action,
          run: () => {
            close();
            action.run();
          },
        }),
      )}
    </div>
  );
}
