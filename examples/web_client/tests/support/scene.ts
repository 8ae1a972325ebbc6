import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import { Daemon } from './daemon.ts';
import { startLinked } from './linked.ts';
import { Stage } from './stage.ts';

/** Puts stages up for all tests of a file, and takes them down. */
function during(stages: () => Stage[], setUp: () => Promise<void>): void {
  beforeAll(setUp);
  beforeEach(({ task }) => {
    onTestFailed(async () => {
      for (const stage of stages()) await stage.photograph(task.name);
    });
  });
  afterAll(() => Promise.all(stages().map((stage) => stage.clear())));
}

/** A stage for all tests of a file. */
export function scene(...names: string[]): { stage: Stage } {
  const held = {} as { stage: Stage };
  during(
    () => [held.stage],
    async () => {
      held.stage = await Stage.set(await Daemon.start(), ...names);
    },
  );
  return held;
}

/** Two servers that talk with each other, a stage for each: alice's and bob's. */
export function twoServers(): { one: Stage; two: Stage } {
  const held = {} as { one: Stage; two: Stage };
  during(
    () => [held.one, held.two],
    async () => {
      const [one, two] = await startLinked('one.example', 'two.example');
      held.one = await Stage.set(one, 'alice');
      held.two = await Stage.set(two, 'bob');
    },
  );
  return held;
}
