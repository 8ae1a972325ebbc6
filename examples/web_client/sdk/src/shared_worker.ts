import { endpoint, openSocket, STORE } from './browser.ts';
import type { Chat } from './chat_api.ts';
import { ChatClient } from './chat_client.ts';
import { serve } from './host.ts';
import { IndexedStore } from './indexed_store.ts';
import { portOf } from './port.ts';

/**
 * The body of a SharedWorker: one connection for all tabs.
 *
 * After an update the old worker lives on as long as one of its tabs does. The newer one takes the
 * connection over, and the old tabs are told to reload.
 */
export function serveTabs(scope: SharedWorkerGlobalScope): void {
  const opening = open(scope);
  scope.addEventListener('connect', ({ ports: [port] }) => {
    if (!port) return;
    const stop = serve(opening, portOf(port));
    port.addEventListener('message', ({ data }: MessageEvent<{ tab?: string }>) => {
      // A port does not say that its tab was closed, but the tab's lock does.
      if (data.tab !== undefined) void navigator.locks.request(data.tab, stop);
    });
  });
}

async function open(scope: SharedWorkerGlobalScope): Promise<Chat> {
  let onTaken = (): void => undefined;
  const taken = new Promise<void>((resolve) => (onTaken = resolve));
  await takeOver(onTaken);
  const chat = await ChatClient.open({
    url: endpoint(scope.location),
    store: await IndexedStore.open(STORE),
    openSocket,
  });
  scope.addEventListener('online', () => void chat.tryNow());
  void taken.then(() => {
    void chat.close();
    chat.emit('superseded', null);
  });
  return chat;
}

/** Resolves once nobody else holds the connection; tells when it is taken from us in turn. */
function takeOver(onTaken: () => void): Promise<void> {
  if (!('locks' in navigator)) return Promise.resolve(); // not over https
  return new Promise((resolve) => {
    const hold = () => new Promise<never>(() => resolve());
    navigator.locks.request('chatd connection', { steal: true }, hold).catch(onTaken);
  });
}
