import type { Chat } from './chat_api.ts';
import { serve } from './host.ts';
import type { Port } from './port.ts';
import { RemoteChat } from './remote_chat.ts';

/** What goes over the channel that all tabs hear. */
type Said =
  | { to: 'host'; from: string; message: unknown }
  | { to: 'tab'; tab: string; message: unknown }
  | { to: 'host'; from: string; hello: true }
  | { to: 'all'; host: string };

const CHANNEL = 'chatd';
const LOCK = 'chatd host';

/**
 * For browsers without SharedWorker: one tab holds the connection, the others ask it. When that
 * tab is closed, another one takes its place.
 */
export function shareAmongTabs(open: () => Promise<Chat>): Chat {
  const tab = crypto.randomUUID();
  void navigator.locks.request(LOCK, () => host(tab, open()));
  const channel = new BroadcastChannel(CHANNEL);
  const say = (said: Said) => channel.postMessage(said);
  let current: string | undefined;
  let unsent: unknown[] = [];
  const port: Port = {
    post: (message) =>
      current === undefined ? unsent.push(message) : say({ to: 'host', from: tab, message }),
    listen: (handler) =>
      channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
        if (data.to === 'tab' && data.tab === tab) handler(data.message);
      }),
  };
  const remote = new RemoteChat(port);
  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.to !== 'all' || data.host === current) return;
    const isAnother = current !== undefined;
    current = data.host;
    if (isAnother) remote.restart();
    for (const message of unsent) say({ to: 'host', from: tab, message });
    unsent = [];
  });
  say({ to: 'host', from: tab, hello: true });
  return remote.chat;
}

/** Answers all tabs, this one included, until this one is closed. */
function host(id: string, opening: Promise<Chat>): Promise<never> {
  const channel = new BroadcastChannel(CHANNEL);
  const say = (said: Said) => channel.postMessage(said);
  const handlers = new Map<string, (message: unknown) => void>();
  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    if (data.to !== 'host') return;
    if ('hello' in data) return say({ to: 'all', host: id });
    const { from: tab, message } = data;
    if (!handlers.has(tab))
      serve(opening, {
        post: (answer) => say({ to: 'tab', tab, message: answer }),
        listen: (handler) => handlers.set(tab, handler),
      });
    handlers.get(tab)?.(message);
  });
  say({ to: 'all', host: id });
  return new Promise<never>(() => undefined);
}
