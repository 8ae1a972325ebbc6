import type { Chat } from './chat_api.ts';
import { ChatClient } from './chat_client.ts';
import { serve } from './host.ts';
import { IndexedStore } from './indexed_store.ts';
import type { OpenSocket } from './line.ts';
import { portOf } from './port.ts';
import { RemoteChat } from './remote_chat.ts';
import { shareAmongTabs } from './tab_channel.ts';

export const STORE = 'chatd';

export const openSocket: OpenSocket = (url, protocol) => new WebSocket(url, protocol);

/** The WebSocket of the server that a page or worker comes from. */
export function endpoint({ protocol, host }: { protocol: string; host: string }): string {
  return `${protocol === 'http:' ? 'ws' : 'wss'}://${host}/ws`;
}

/**
 * The chat of this page, shared with all tabs of the browser. `startWorker` starts a SharedWorker
 * whose body calls `serveTabs`; where there are none, one of the tabs holds the connection.
 */
export function openChat(startWorker: () => SharedWorker): Chat {
  if ('SharedWorker' in globalThis) return chatIn(startWorker());
  const open = async () =>
    ChatClient.open({
      url: endpoint(location),
      store: await IndexedStore.open(STORE),
      openSocket,
    });
  if ('locks' in navigator) return shareAmongTabs(open);
  // An old browser without TLS: each tab by itself.
  const { port1, port2 } = new MessageChannel();
  serve(open(), portOf(port1));
  return new RemoteChat(portOf(port2)).chat;
}

function chatIn({ port }: SharedWorker): Chat {
  const { chat } = new RemoteChat(portOf(port));
  if ('locks' in navigator) {
    const tab = `chatd tab ${crypto.randomUUID()}`;
    void navigator.locks.request(tab, () => {
      port.postMessage({ tab });
      return new Promise<never>(() => undefined);
    });
  }
  return chat;
}
