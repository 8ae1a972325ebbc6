/** A piece of a message. Everything is shown as text; a link has a checked address too. */
export type Token =
  | { kind: 'text' | 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; user: string };

const CODE_BLOCK = /```(?:\w*\n)?([\s\S]+?)```/g;
const INLINE = /`([^`\n]+)`|\b(?:https?:\/\/|www\.)[^\s<>"`]+|@[a-z0-9._-]+(?:@[a-z0-9.-]+)?/gi;
const TRAILING = /[.,;:!?'"»”’)\]}]+$/;
const PAIRS: { [close: string]: string } = { ')': '(', ']': '[', '}': '{' };

/** An address without the punctuation of the sentence it stands in. */
function trimmed(address: string): string {
  let rest = address;
  for (;;) {
    const last = rest.at(-1) ?? '';
    const open = PAIRS[last];
    const isPart = open !== undefined && rest.split(open).length >= rest.split(last).length;
    if (!TRAILING.test(rest) || isPart) return rest;
    rest = rest.slice(0, -1);
  }
}

function link(address: string): Token | undefined {
  try {
    const url = new URL(address.startsWith('www.') ? `https://${address}` : address);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb ? { kind: 'link', text: address, href: url.href } : undefined;
  } catch {
    return undefined;
  }
}

function mention(word: string, mentions: readonly string[]): Token | undefined {
  const name = trimmed(word).slice(1).toLowerCase();
  const user = mentions.find((id) => id === name || id.startsWith(`${name}@`));
  return user === undefined ? undefined : { kind: 'mention', text: trimmed(word), user };
}

function* inline(text: string, mentions: readonly string[]): Generator<Token> {
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code] = match;
    const token = code
      ? ({ kind: 'code', text: code } as const)
      : whole.startsWith('@')
        ? mention(whole, mentions)
        : link(trimmed(whole));
    if (!token) continue;
    if (match.index > at) yield { kind: 'text', text: text.slice(at, match.index) };
    yield token;
    at = match.index + (code ? whole.length : token.text.length);
  }
  if (at < text.length) yield { kind: 'text', text: text.slice(at) };
}

/** The pieces of a text, in order. */
export function* tokens(text: string, mentions: readonly string[] = []): Generator<Token> {
  let at = 0;
  for (const match of text.matchAll(CODE_BLOCK)) {
    yield* inline(text.slice(at, match.index), mentions);
    yield { kind: 'block', text: (match[1] ?? '').replace(/\n$/, '') };
    at = match.index + match[0].length;
  }
  yield* inline(text.slice(at), mentions);
}

const ONE_EMOJI = '\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\ufe0f]?';
const ONLY_EMOJI = new RegExp(`^(?:${ONE_EMOJI}(?:\\u200d${ONE_EMOJI})*){1,3}$`, 'u');

export const isOnlyEmoji = (text: string): boolean => ONLY_EMOJI.test(text.trim());

/** Whom a text speaks to, of those who could be meant. */
export function mentionsIn(text: string, users: readonly string[]): string[] {
  const words = text.toLowerCase().match(/@[a-z0-9._-]+(?:@[a-z0-9.-]+)?/g) ?? [];
  const names = new Set(words.map((word) => trimmed(word).slice(1)));
  return users.filter((user) => names.has(user) || names.has(user.slice(0, user.indexOf('@'))));
}

const FOLD_CHARACTERS = 800;
const FOLD_LINES = 14;

/** The beginning of a text that is too long to be shown at once. */
export function folded(text: string): string | undefined {
  const lines = text.split('\n', FOLD_LINES + 1);
  if (text.length <= FOLD_CHARACTERS && lines.length <= FOLD_LINES) return undefined;
  const start = lines.slice(0, FOLD_LINES).join('\n').slice(0, FOLD_CHARACTERS);
  // Not within a surrogate pair, nor with a stop before the dots that follow.
  return start.replace(/[\ud800-\udbff]$/, '').replace(/[\s.,;:…]+$/, '');
}
