import { signal } from '@preact/signals';
import { chat } from './chat.ts';
import { me } from './known.ts';

const FORGET_AFTER_MS = 6000;

/** Who types where, by room. */
export const typing = signal<ReadonlyMap<string, readonly string[]>>(new Map());
const timers = new Map<string, ReturnType<typeof setTimeout>>();

function set(room: string, user: string, isTyping: boolean): void {
  const key = `${room} ${user}`;
  clearTimeout(timers.get(key));
  timers.delete(key);
  if (isTyping)
    timers.set(
      key,
      setTimeout(() => set(room, user, false), FORGET_AFTER_MS),
    );
  const others = (typing.value.get(room) ?? []).filter((other) => other !== user);
  if (!isTyping && others.length === (typing.value.get(room) ?? []).length) return;
  typing.value = new Map(typing.value).set(room, isTyping ? [...others, user] : others);
}

export function followTyping(): void {
  chat.on('typing', ({ room, user, typing: isTyping }) => {
    if (user !== me.value?.user) set(room, user, isTyping);
  });
  chat.on('records', ({ room, records }) => {
    for (const { kind, sender } of records)
      if (kind === 'message' && sender !== undefined) set(room, sender, false);
  });
}
