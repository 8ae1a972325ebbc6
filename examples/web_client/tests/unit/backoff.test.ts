import { expect, test } from 'vitest';
import { backoff } from '#sdk/backoff.ts';

test('the wait doubles up to a minute, and is random between half and all of it', () => {
  const longest = [0, 1, 2, 5, 6, 50].map((failures) => backoff(failures, () => 1));
  const shortest = [0, 1, 2, 5, 6, 50].map((failures) => backoff(failures, () => 0));

  expect(longest).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
  expect(shortest).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
});
