const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/**
 * How long to wait after the n-th failure in a row (0, 1, 2 …): between half and all of a time that
 * doubles. Without the randomness all clients of a server come back in the same second.
 */
export function backoff(failures: number, random = Math.random): number {
  const whole = Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
  return whole / 2 + random() * (whole / 2);
}

/** A random time between the two, as `server.draining` asks for. */
export const spread = (from: number, to: number, random = Math.random): number =>
  from + random() * Math.max(0, to - from);
