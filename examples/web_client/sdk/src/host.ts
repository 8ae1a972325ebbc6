import type { Chat, ChatApi, ChatEvents } from './chat_api.ts';
import type { Port, ToHost, ToTab } from './port.ts';
import { RpcError } from './rpc_error.ts';

/** All that a tab may ask for. */
export const METHODS = {
  snapshot: true,
  signUp: true,
  login: true,
  logout: true,
  call: true,
  send: true,
  edit: true,
  redact: true,
  react: true,
  retry: true,
  cancel: true,
  cancelPending: true,
  history: true,
  record: true,
  watch: true,
  markRead: true,
  setDraft: true,
  want: true,
  tryNow: true,
} satisfies { [Name in keyof ChatApi]: true };

/** All that a tab hears of. */
const EVENTS = {
  status: true,
  me: true,
  rooms: true,
  outbox: true,
  pending: true,
  contacts: true,
  people: true,
  records: true,
  typing: true,
  presence: true,
  revoked: true,
  'store failed': true,
  restarted: true,
  superseded: true,
} satisfies { [Name in keyof ChatEvents]: true };

type Method = (...args: unknown[]) => Promise<unknown>;

/** Lets whoever is at the other end of a port use this chat; gives what ends that. */
export function serve(opening: Promise<Chat>, port: Port): () => void {
  const post = (message: ToTab) => port.post(message);
  const stops: (() => void)[] = [];
  const listening = opening.then((chat) => {
    for (const event of Object.keys(EVENTS) as (keyof ChatEvents)[])
      stops.push(chat.on(event, (value) => post({ event, value })));
    return chat;
  });
  port.listen((message) => {
    const { id, name, args } = message as ToHost;
    if (!Object.hasOwn(METHODS, name)) return;
    listening
      .then((chat) => (chat[name as keyof ChatApi] as Method).apply(chat, args))
      .then(
        (result) => post({ id, result }),
        (error: unknown) => post({ id, error: plain(error) }),
      );
  });
  return () => stops.forEach((stop) => stop());
}

function plain(error: unknown) {
  if (!(error instanceof RpcError)) return { code: 'internal', message: String(error) };
  const { code, message, retryAfterMs } = error;
  return { code, message, retryAfterMs };
}
