import type { Page, Where } from './history.ts';
import type {
  Contact,
  Content,
  Events,
  LogRecord,
  Methods,
  Pending,
  Presence,
} from './protocol.ts';
import type { Outgoing, Person, Room } from './store.ts';

export type Status =
  | { state: 'signed out' | 'connecting' | 'syncing' | 'online' }
  /** Another try comes at `retryAt` (ms since 1970). */
  | { state: 'offline'; retryAt: number };

/** All that a screen needs to begin with; what changes follows as events. */
export interface Snapshot {
  status: Status;
  me: { user: string; device: string } | undefined;
  rooms: Room[];
  outbox: Outgoing[];
  pending: Pending[];
  contacts: Contact[];
  people: Person[];
  presence: Presence[];
}

export interface ChatEvents {
  status: Status;
  /** Logged in (or from the cache), or logged out. */
  me: Snapshot['me'];
  rooms: { changed: Room[]; gone: string[] };
  outbox: { changed: Outgoing[]; gone: string[] };
  pending: { changed: Pending[]; gone: string[] };
  contacts: { changed: Contact[]; gone: string[] };
  people: { changed: Person[]; gone: string[] };
  /** New to this device, in order; also those that came with history. */
  records: { room: string; records: LogRecord[] };
  typing: Events['room.typing'];
  presence: Presence;
  /** This device was logged out from elsewhere. */
  revoked: null;
  /** The disk of this device takes nothing more. */
  'store failed': { message: string };
  /** Another tab holds the connection now: take a new snapshot. */
  restarted: null;
  /** A newer version of this program has taken over: reload. */
  superseded: null;
}

/** What can be asked of a chat; the same in a page, in a worker and in Node. */
export interface ChatApi {
  snapshot(): Promise<Snapshot>;
  signUp(params: Methods['account.sign_up']['params']): Promise<void>;
  login(params: Methods['account.login']['params']): Promise<void>;
  /** Ends this device and forgets everything on it, whether or not the server can be reached. */
  logout(): Promise<void>;
  /** Any method of the protocol, while online. */
  call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<Methods[Name]['result']>;

  /** Resolves once it is on this device's disk; from there on it will be sent, exactly once. */
  send(room: string, content: Content): Promise<string>;
  edit(room: string, target: number, content: Content): Promise<string>;
  redact(room: string, target: number): Promise<string>;
  react(room: string, target: number, reaction: string, set: boolean): Promise<string>;
  /** What failed is to be tried again. */
  retry(id: string): Promise<void>;
  /** Whether it could be taken back from the outbox. */
  cancel(id: string): Promise<boolean>;
  /** Takes back what waits for another server, or forgets what that refused. */
  cancelPending(number: number): Promise<void>;

  history(room: string, where: Where, limit: number): Promise<Page>;
  record(room: string, seq: number): Promise<LogRecord | undefined>;
  /** Asks for the members, and for who of them is there; undefined: no room is on the screen. */
  watch(room: string | undefined): Promise<void>;
  markRead(room: string, seq: number): Promise<void>;
  setDraft(room: string, text: string): Promise<void>;
  /** Asks for someone's profile, if that was not done yet; it comes as an event. */
  want(user: string): Promise<void>;
  /** Connects now instead of waiting. */
  tryNow(): Promise<void>;
}

/** A chat to talk to and to listen to. */
export interface Chat extends ChatApi {
  on<Name extends keyof ChatEvents>(
    name: Name,
    handler: (value: ChatEvents[Name]) => void,
  ): () => void;
}
