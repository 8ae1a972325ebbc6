import type { Message } from '#sdk';

/** What the composer is about to make. */
export type Draft =
  { kind: 'new' } | { kind: 'reply'; message: Message } | { kind: 'edit'; message: Message };
