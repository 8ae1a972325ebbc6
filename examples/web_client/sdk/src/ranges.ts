/** From the first to the last number, both included. */
export type Range = readonly [from: number, to: number];

/** The ranges, in order and never touching each other, with one more. */
export function addRange(ranges: readonly Range[], from: number, to: number): Range[] {
  const before = ranges.filter((range) => range[1] < from - 1);
  const after = ranges.filter((range) => range[0] > to + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const first = touching[0]?.[0] ?? from;
  const last = touching.at(-1)?.[1] ?? to;
  return [...before, [Math.min(first, from), Math.max(last, to)], ...after];
}

/** The range that holds a number. */
export const rangeAt = (ranges: readonly Range[], seq: number): Range | undefined =>
  ranges.find(([from, to]) => from <= seq && seq <= to);
