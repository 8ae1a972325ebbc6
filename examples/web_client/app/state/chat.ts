import { openChat } from '#sdk/browser.ts';

/** The one chat of all tabs. */
export const chat = openChat(
  () =>
    new SharedWorker(new URL('../worker.ts', import.meta.url), { type: 'module', name: 'chatd' }),
);
