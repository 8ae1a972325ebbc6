import { expect, test } from 'vitest';
import { addRange, rangeAt } from '#sdk/ranges.ts';

test('ranges that touch or overlap become one', () => {
  expect(addRange([], 3, 5)).toEqual([[3, 5]]);
  expect(addRange([[3, 5]], 6, 7)).toEqual([[3, 7]]);
  expect(addRange([[3, 5]], 1, 2)).toEqual([[1, 5]]);
  expect(
    addRange(
      [
        [1, 2],
        [6, 9],
      ],
      3,
      5,
    ),
  ).toEqual([[1, 9]]);
  expect(addRange([[1, 9]], 3, 5)).toEqual([[1, 9]]);
});

test('ranges apart stay apart and in order', () => {
  expect(addRange([[3, 5]], 8, 9)).toEqual([
    [3, 5],
    [8, 9],
  ]);
  expect(addRange([[8, 9]], 3, 5)).toEqual([
    [3, 5],
    [8, 9],
  ]);
});

test('a number is found in its range, or in none', () => {
  const ranges = [
    [1, 2],
    [6, 9],
  ] as const;

  expect(rangeAt(ranges, 7)).toEqual([6, 9]);
  expect(rangeAt(ranges, 4)).toBeUndefined();
});
