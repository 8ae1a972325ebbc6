import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fill } from '../support/fill.ts';
import { scene } from '../support/scene.ts';
import { until } from '../support/until.ts';
import type { Person } from '../support/person.ts';

const on = scene('alice', 'bob');
const MESSAGES = 10_000;
const textOf = (index: number) =>
  `message ${index} ${'of some words '.repeat(index % 7)}${index % 50 === 0 ? '\nand a line' : ''}`;
let alice: Person;

/** How far the wheel went, and how long the page was busy meanwhile. */
interface Ride {
  longTasks: number[];
  frames: number[];
}

async function ride(page: Page, deltaY: number, isThere: () => Promise<boolean>): Promise<Ride> {
  await page.evaluate(() => {
    const seen = { longTasks: [] as number[], frames: [] as number[] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
    }).observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (now: number) => {
      seen.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await page.getByRole('log').hover();
  await until(
    'the ride ends',
    async () => {
      await page.mouse.wheel(0, deltaY);
      return isThere();
    },
    50_000,
  );
  return page.evaluate(() => (globalThis as unknown as { seen: Ride }).seen);
}

function report(name: string, { longTasks, frames }: Ride): void {
  const p95 = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length * 0.95)] ?? 0;
  console.log(
    `${name}: ${frames.length} frames, 95th percentile ${p95(frames).toFixed(0)} ms; ` +
      `${longTasks.length} long tasks, 95th percentile ${p95(longTasks).toFixed(0)} ms`,
  );
}

test('a room of 10,000 messages opens at what is unread', async () => {
  const bob = await on.stage.bot('bob');
  const { room } = await bob.call('room.open_direct', { user: 'alice@chat.example' });
  await fill(bob, room, MESSAGES - 400, textOf);
  const early = await on.stage.bot('alice');
  const { rooms } = await early.snapshot();
  await early.markRead(room, rooms[0]?.head_seq ?? 0);
  await until('the mark is kept', async () => {
    const { rooms: now } = await early.snapshot();
    return now[0]?.read_seq === rooms[0]?.head_seq;
  });
  await fill(bob, room, 400, (index) => textOf(MESSAGES - 400 + index));
  [alice] = (await on.stage.loggedIn('alice')) as [Person];
  await alice.page.getByText('400 unread messages').waitFor({ state: 'attached' });
  await alice.openRoom('Bob');

  await alice.log.getByRole('separator', { name: 'New messages' }).waitFor();
  await until('the first unread one is on the screen', () => isOnScreen(MESSAGES - 400));
  await alice.page.getByRole('button', { name: 'Jump to the newest message' }).click();
  await until('the last one is on the screen', () => isOnScreen(MESSAGES - 1));
  await until('nothing is unread', async () => {
    return (await alice.page.getByRole('complementary').locator('.badge').count()) === 0;
  });
});

test('it scrolls up and down again, and what is on the screen stays there', async () => {
  const goal = MESSAGES - 1500;
  const up = await ride(alice.page, -700, () => isOnScreen(goal, true));
  report('up 1,500 messages', up);
  const down = await ride(alice.page, 900, () => isOnScreen(MESSAGES - 1));
  report('down again', down);

  expect(await alice.log.getByRole('article').count()).toBeLessThan(400);
  const numbers = (await alice.texts()).map((text) => Number(/message (\d+)/.exec(text)?.[1]));
  const first = numbers[0] ?? 0;
  expect(numbers).toEqual(numbers.map((_, index) => first + index));
});

async function isOnScreen(index: number, orBelow = false): Promise<boolean> {
  return alice.log.evaluate(
    (log, [wanted, below]) => {
      const { top, bottom } = log.getBoundingClientRect();
      const shown = [...log.querySelectorAll('article')].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.bottom > top && box.top < bottom;
      });
      const numbers = shown.map((row) => Number(/message (\d+)/.exec(row.textContent)?.[1]));
      return numbers.some((number) => number === wanted || (below && number < wanted));
    },
    [index, orBelow] as const,
  );
}
