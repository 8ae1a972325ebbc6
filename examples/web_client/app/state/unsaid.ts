import type { JsonObject, Outgoing, Pending } from '#sdk';

/** What was said and is no record yet: on this device, or on this server for another one. */
export interface Unsaid {
  /** What the device that said it calls it. */
  id: string | undefined;
  kind: string;
  target: number | undefined;
  time: number;
  content: JsonObject;
  /** `pending`: the server of the room has not answered ours. */
  state: 'waiting' | 'pending' | 'failed';
  /** Why it failed: an error code, and perhaps words. */
  error: { code: string; message?: string | undefined } | undefined;
  /** Undefined: it waits on this device only. */
  pending: number | undefined;
}

const KINDS = {
  'message.send': 'message',
  'message.edit': 'edit',
  'message.redact': 'redact',
  'message.react': 'reaction',
} as const;

function contentOf(out: Outgoing): JsonObject {
  if (out.method === 'message.react') return { ...out.params };
  return 'content' in out.params ? { ...out.params.content } : {};
}

export const ofOutgoing = (out: Outgoing): Unsaid => ({
  id: out.id,
  kind: KINDS[out.method],
  target: 'target' in out.params ? out.params.target : undefined,
  time: out.time,
  content: contentOf(out),
  state: out.state,
  error: out.error,
  pending: undefined,
});

export const ofPending = (pending: Pending): Unsaid => ({
  id: pending.client_msg_id,
  kind: pending.kind,
  target: pending.target,
  time: pending.since,
  content: (pending.content ?? {}) as JsonObject,
  state: pending.refused === undefined ? 'pending' : 'failed',
  error:
    pending.refused === undefined ? undefined : { code: pending.refused, message: pending.reason },
  pending: pending.number,
});
