import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { presence } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { Icon } from './icons.tsx';

const HUES = 8;

function hueOf(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).slice(0, 2);
  const letters = words.map((word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)));
  return letters.join('').toUpperCase() || '?';
}

interface AvatarProps {
  /** What the colour comes from: the id, which does not change. */
  id: string;
  name: string;
  size?: 'small' | 'large';
  isGroup?: boolean;
}

export function Avatar({ id, name, size, isGroup }: AvatarProps): JSX.Element {
  return (
    <span
      class={`avatar hue-${hueOf(id)} ${size ?? ''} ${isGroup ? 'group' : ''}`}
      aria-hidden="true"
    >
      {isGroup && !name ? <Icon name="people" /> : initials(name)}
    </span>
  );
}

/** Whether someone is there; nothing for whom may not be seen. */
export function PresenceDot({ user }: { user: string }): JSX.Element | null {
  const state = presence.value.get(user)?.state;
  if (state !== 'online' && state !== 'away') return null;
  return <span class={`dot ${state}`} role="img" aria-label={t(`presence.${state}`)} />;
}

export function PersonAvatar({
  user,
  size,
}: {
  user: string;
  size?: 'small' | 'large';
}): JSX.Element {
  return (
    <span class="avatar-box">
      <Avatar id={user} name={nameOf(user)} {...(size && { size })} />
      <PresenceDot user={user} />
    </span>
  );
}

/** A person's name, in its own writing direction. */
export function Name({ user }: { user: string }): JSX.Element {
  return <bdi>{nameOf(user)}</bdi>;
}
