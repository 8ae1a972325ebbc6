import type { Content, LogRecord } from './protocol.ts';

/** A message as people see it: with its newest edit, and the reactions to it. */
export interface Message {
  seq: number;
  sender: string;
  time: number;
  /** What the sender's device called it. */
  id: string | undefined;
  /** Undefined: erased. */
  content: Content | undefined;
  /** The number of the edit that is shown. */
  edit: number | undefined;
  /** Who set which reaction, in the order in which they first came. */
  reactions: ReadonlyMap<string, readonly string[]>;
}

/** The content of a message or an edit, as far as it is what the protocol says it is. */
export function contentOf({ content }: LogRecord): Content {
  const { text, ciphertext, reply_to, mentions } = (content ?? {}) as {
    [name in keyof Content]: unknown;
  };
  return {
    ...(typeof text === 'string' && { text }),
    ...(typeof ciphertext === 'string' && { ciphertext }),
    ...(typeof reply_to === 'number' && { reply_to }),
    ...(Array.isArray(mentions) && {
      mentions: mentions.filter((user): user is string => typeof user === 'string'),
    }),
  };
}

export function messageOf(record: LogRecord): Message {
  return {
    seq: record.seq,
    sender: record.sender ?? '',
    time: record.time,
    id: record.client_msg_id,
    content: record.erased || !record.content ? undefined : contentOf(record),
    edit: undefined,
    reactions: new Map(),
  };
}

/** The message after a later record about it; the same object if that changes nothing. */
export function annotated(message: Message, record: LogRecord): Message {
  if (record.target !== message.seq) return message;
  switch (record.kind) {
    case 'redact':
      return { ...message, content: undefined, reactions: new Map() };
    case 'edit':
      if (!record.content || !message.content || record.seq < (message.edit ?? 0)) return message;
      return { ...message, content: contentOf(record), edit: record.seq };
    case 'reaction':
      return reacted(message, record);
    default:
      return message;
  }
}

function reacted(message: Message, record: LogRecord): Message {
  const { reaction, set } = (record.content ?? {}) as { reaction?: unknown; set?: unknown };
  if (typeof reaction !== 'string' || record.sender === undefined || !message.content)
    return message;
  const { sender } = record;
  const others = (message.reactions.get(reaction) ?? []).filter((user) => user !== sender);
  const users = set === true ? [...others, sender] : others;
  const reactions = new Map(message.reactions);
  if (users.length > 0) reactions.set(reaction, users);
  else reactions.delete(reaction);
  return { ...message, reactions };
}

/** The messages among some records, with what the annotations say of them. */
export function foldMessages(
  records: readonly LogRecord[],
  annotations: readonly LogRecord[],
): Message[] {
  const messages = new Map<number, Message>();
  for (const record of records)
    if (record.kind === 'message') messages.set(record.seq, messageOf(record));
  for (const record of annotations) {
    const message = messages.get(record.target ?? 0);
    if (message) messages.set(message.seq, annotated(message, record));
  }
  return [...messages.values()];
}
