import { signal } from '@preact/signals';
import { problem } from '../text/problem.ts';

/** Why the last thing that was tried on this page did not work. */
export const actProblem = signal<string | undefined>(undefined);

/** Does something; says it in words when it does not work. Whether it did. */
export async function act(what: () => Promise<unknown>): Promise<boolean> {
  actProblem.value = undefined;
  try {
    await what();
    return true;
  } catch (error) {
    actProblem.value = problem(error);
    return false;
  }
}
