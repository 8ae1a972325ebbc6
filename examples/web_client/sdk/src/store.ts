import type { Contact, Content, LogRecord, Member, Pending, RoomSummary } from './protocol.ts';
import type { Range } from './ranges.ts';
import type { ErrorCode } from './rpc_error.ts';

/** A room as this device knows it. */
export interface Room extends RoomSummary {
  /** All records up to here are here, or this device does not care for older ones. */
  cursor: number;
  /** `unread`, `last_message` and `last_active` tell of all records up to here. */
  counted: number;
  /** Which records are here; what lies between is still on the server. */
  ranges: Range[];
  /** The first record that the server lets us read. */
  floor: number;
  topic: string;
  join: 'invite' | 'open';
  presence: boolean;
  /** Empty until the room was opened once. */
  members: Member[];
  /** Whose people are kept out, as far as we are told. */
  banned_servers?: string[];
  /** The record after which `members`, `topic` and the rules have been kept up to date. */
  state_seq: number;
  /** Whether an unread message speaks to us. */
  mentioned: boolean;
  /** Read here up to this; the server may not know yet. */
  marked: number;
  draft: string;
}

/** What may wait in the outbox, with what it needs beside the room and its id. */
export interface OutgoingParams {
  'message.send': { content: Content };
  'message.edit': { target: number; content: Content };
  'message.redact': { target: number };
  'message.react': { target: number; reaction: string; set: boolean };
}

export type OutgoingAction = {
  [Name in keyof OutgoingParams]: { method: Name; params: OutgoingParams[Name] };
}[keyof OutgoingParams];

/** Something said, until the server has it on disk. */
export type Outgoing = OutgoingAction & {
  /** Its `client_msg_id`, made once. */
  id: string;
  room: string;
  /** When the person pressed *send*. */
  time: number;
  /** The device whose id it is; an id is remembered for its device only. */
  device: string;
  /** Whose it is. */
  user: string;
  /** `waiting` may have been tried already; `failed` waits for the person. */
  state: 'waiting' | 'failed';
  error?: { code: ErrorCode; message: string };
};

/** Someone's profile, as of when it was asked for. */
export interface Person {
  user: string;
  display_name: string;
  status_text: string;
}

export interface Account {
  user: string;
  device: string;
  token: string;
}

export interface Values {
  account: Account;
  account_version: number;
  last_msg_id: string;
}

/** What is kept beside the records, and held in memory too. */
export interface Tables {
  rooms: Room;
  outbox: Outgoing;
  /** What this server has and the server of its room has not taken yet, or refused. */
  pending: Pending;
  contacts: Contact;
  people: Person;
}

export interface Saved {
  values: Partial<Values>;
  rooms: Room[];
  outbox: Outgoing[];
  pending: Pending[];
  contacts: Contact[];
  people: Person[];
}

export type Change =
  | { [Name in keyof Tables]: { put: Name; value: Tables[Name] } }[keyof Tables]
  | { drop: keyof Tables; key: string }
  | { set: keyof Values; value: unknown }
  | { add: string; records: LogRecord[] }
  /** The content of a message and of its edits goes; their numbers stay. */
  | { erase: string; target: number }
  /** Records with smaller numbers, or all of them. */
  | { forget: string; before?: number };

/** By what a row is found in its table. */
export function keyOf(row: Tables[keyof Tables]): string {
  if ('number' in row) return String(row.number);
  return 'id' in row ? row.id : 'room' in row ? row.room : row.user;
}

/** Where a device keeps what it knows: IndexedDB in browsers, memory for bots. */
export interface Store {
  load(): Promise<Saved>;
  /** All of it or nothing; in the order of the calls. */
  apply(changes: Change[]): Promise<void>;
  /** A room's records from one number to another, in order. */
  records(room: string, from: number, to: number): Promise<LogRecord[]>;
  /** Edits, reactions and redactions of the messages from one number to another, in order. */
  annotations(room: string, from: number, to: number): Promise<LogRecord[]>;
}

/** What is left of a record whose content was erased. */
export function erased(record: LogRecord): LogRecord {
  const { content: _, ...rest } = record;
  return { ...rest, erased: true };
}
