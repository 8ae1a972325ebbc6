import { setTimeout } from 'node:timers/promises';

const EVERY_MS = 25;

/** Waits until the condition holds; fails with what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await setTimeout(EVERY_MS);
  }
}
