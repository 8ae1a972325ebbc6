import { afterAll, beforeAll, onTestFailed, beforeEach } from 'vitest';
import { Stage } from './stage.ts';

/** A stage for all tests of a file. */
export function scene(...names: string[]): { stage: Stage } {
  const held = {} as { stage: Stage };
  beforeAll(async () => {
    held.stage = await Stage.set(...names);
  });
  beforeEach(({ task }) => onTestFailed(() => held.stage.photograph(task.name)));
  afterAll(() => held.stage.clear());
  return held;
}
