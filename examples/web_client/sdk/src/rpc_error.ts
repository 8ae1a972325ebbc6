import type { ErrorCode as NamedCode } from './protocol.ts';

/** Of the words any method may answer, and `disconnected`: the line broke, nobody knows more. */
export type ErrorCode =
  | NamedCode
  | 'invalid_json'
  | 'invalid_request'
  | 'unknown_method'
  | 'invalid_params'
  | 'too_large'
  | 'rate_limited'
  | 'timeout'
  | 'unavailable'
  | 'read_only'
  | 'internal'
  | 'disconnected';

export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    /** The word to act on; a newer server may have further ones. */
    readonly code: ErrorCode,
    message: string,
    /** When to try again, where the server said so. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

const PASSING = new Set<ErrorCode>([
  'rate_limited',
  'unavailable',
  'timeout',
  'read_only',
  'internal',
  'disconnected',
]);

/** Whether the same request may well succeed later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof RpcError && PASSING.has(error.code);
