const RANDOM_BITS_A = 12n;
const COUNTER_BITS = 12n;
const RANDOM_BITS_B = 50n;

const random = (bits: bigint): bigint => {
  const words = crypto.getRandomValues(new BigUint64Array(1));
  return (words[0] ?? 0n) & ((1n << bits) - 1n);
};

function format(time: bigint, sequence: bigint): string {
  const sequenceHigh = sequence >> COUNTER_BITS;
  const sequenceLow = sequence & ((1n << COUNTER_BITS) - 1n);
  const low = (2n << 62n) | (sequenceLow << RANDOM_BITS_B) | random(RANDOM_BITS_B);
  const value = (time << 80n) | (7n << 76n) | (sequenceHigh << 64n) | low;
  const hex = value.toString(16).padStart(32, '0');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

function parse(id: string): { time: bigint; sequence: bigint } {
  const value = BigInt(`0x${id.replaceAll('-', '')}`);
  const high = (value >> 64n) & ((1n << RANDOM_BITS_A) - 1n);
  const low = (value >> RANDOM_BITS_B) & ((1n << COUNTER_BITS) - 1n);
  return { time: value >> 80n, sequence: (high << COUNTER_BITS) | low };
}

/**
 * Makes UUIDs of version 7 that grow, also within a millisecond, when the clock is set back, and
 * after a restart if it is told the last one (RFC 9562, section 6.2).
 */
export class MsgIds {
  private time = 0n;
  private sequence = 0n;

  constructor(last?: string) {
    if (last) ({ time: this.time, sequence: this.sequence } = parse(last));
  }

  next(now = Date.now()): string {
    if (BigInt(now) > this.time) {
      this.time = BigInt(now);
      // Leaves the upper half of the counter for this millisecond.
      this.sequence = random(RANDOM_BITS_A + COUNTER_BITS - 1n);
    } else if (++this.sequence >> (RANDOM_BITS_A + COUNTER_BITS)) {
      this.time += 1n;
      this.sequence = 0n;
    }
    return format(this.time, this.sequence);
  }
}

/** When an id was made, in milliseconds since 1970. */
export const timeOfMsgId = (id: string): number => Number(parse(id).time);
