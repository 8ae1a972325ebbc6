import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Content, Room } from '#sdk';
import { chat } from '../state/chat.ts';
import { me, status } from '../state/known.ts';
import type { Timeline } from '../state/timeline.ts';
import { problem } from '../text/problem.ts';
import { mentionsIn } from '../text/tokens.ts';
import type { Draft } from './draft.ts';

const MOST_CHARACTERS = 100_000;
const MOST_HEIGHT_PX = 240;
const TELL_EVERY_MS = 3000;
const SAVE_AFTER_MS = 400;

/** Tells the others that someone types, at most every three seconds. */
function useTypingNotice(room: string): (isTyping: boolean) => void {
  const told = useRef(0);
  const tell = (typing: boolean) => {
    const isDue = typing ? Date.now() - told.current >= TELL_EVERY_MS : told.current > 0;
    if (!isDue || status.value.state !== 'online') return;
    told.current = typing ? Date.now() : 0;
    chat.call('typing.set', { room, typing }).catch(() => undefined);
  };
  useEffect(() => () => tell(false), []);
  return tell;
}

/** Keeps what is half written, also when the tab is closed. An edit is no draft. */
function useDraftKeeping(room: string, text: Signal<string>, draft: Signal<Draft>): void {
  const saved = useRef(text.value);
  const save = () => {
    if (draft.peek().kind === 'edit' || saved.current === text.peek()) return;
    saved.current = text.peek();
    void chat.setDraft(room, text.peek());
  };
  useEffect(() => {
    if (text.value === '') return save();
    const timer = setTimeout(save, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text.value]);
  useEffect(() => {
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      save();
    };
  }, []);
}

/** As high as what is in it. (`field-sizing: content` is not everywhere yet.) */
function useHeight(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const { current } = area;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${Math.min(current.scrollHeight, MOST_HEIGHT_PX)}px`;
  }, [text]);
}

async function say(room: Room, draft: Draft, text: string): Promise<void> {
  const users = room.members.map(({ user }) => user).filter((user) => user !== me.value?.user);
  const mentions = room.type === 'group' ? mentionsIn(text, users) : [];
  const content: Content = { text, ...(mentions.length > 0 && { mentions }) };
  if (draft.kind === 'edit') {
    const { reply_to } = draft.message.content ?? {};
    const whole = { ...content, ...(reply_to !== undefined && { reply_to }) };
    await chat.edit(room.room, draft.message.seq, whole);
  } else if (draft.kind === 'reply') {
    await chat.send(room.room, { ...content, reply_to: draft.message.seq });
  } else {
    await chat.send(room.room, content);
  }
}

const isFinger = (): boolean => matchMedia('(pointer: coarse)').matches;

export interface Writing {
  text: Signal<string>;
  failure: Signal<string | undefined>;
  isReady: boolean;
  /** Characters beyond what a message may have. */
  tooMany: number;
  submit: () => Promise<void>;
  /** Neither answers nor edits any more. */
  cancel: () => void;
  onInput: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** What is being written, until it is said. */
export function useWriting(
  room: Room,
  draft: Signal<Draft>,
  timeline: Timeline,
  area: RefObject<HTMLTextAreaElement | null>,
): Writing {
  const text = useSignal(room.draft);
  const failure = useSignal<string | undefined>(undefined);
  const tell = useTypingNotice(room.room);
  useDraftKeeping(room.room, text, draft);
  useHeight(area, text.value);

  // At once: the next key may come before the next frame.
  useLayoutEffect(() => {
    const { value } = draft;
    if (value.kind === 'edit') text.value = value.message.content?.text ?? '';
    if (value.kind !== 'new' || !isFinger()) area.current?.focus();
  }, [draft.value]);

  const tooMany = Math.max(0, [...text.value].length - MOST_CHARACTERS);
  const isReady = text.value.trim() !== '' && tooMany === 0;

  async function submit(): Promise<void> {
    if (!isReady) return;
    const said = text.value.trim();
    const { value: kind } = draft;
    text.value = '';
    draft.value = { kind: 'new' };
    failure.value = undefined;
    tell(false);
    try {
      await say(room, kind, said);
      if (kind.kind !== 'edit') await timeline.toEnd();
    } catch (error) {
      // It is not on the disk: gives it back.
      failure.value = problem(error);
      if (text.peek() === '') text.value = said;
      draft.value = kind;
    }
  }

  function cancel(): void {
    if (draft.value.kind === 'edit') text.value = '';
    draft.value = { kind: 'new' };
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !isFinger()) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && draft.value.kind !== 'new') {
      cancel();
    } else if (event.key === 'ArrowUp' && text.value === '') {
      editLast(event, timeline, draft);
    }
  }
  const onInput = (value: string) => tell((text.value = value).trim() !== '');
  return { text, failure, isReady, tooMany, submit, cancel, onInput, onKeyDown };
}

function editLast(event: KeyboardEvent, timeline: Timeline, draft: Signal<Draft>): void {
  const own = timeline.items.value.findLast(
    (item) => item.kind === 'message' && item.message.sender === me.value?.user,
  );
  if (own?.kind !== 'message' || own.message.content?.text === undefined) return;
  event.preventDefault();
  draft.value = { kind: 'edit', message: own.message };
}
