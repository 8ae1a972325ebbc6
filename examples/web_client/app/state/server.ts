import { signal } from '@preact/signals';

/** What this server is called, once it has said so. */
export const serverName = signal('');

export async function askServerName(): Promise<void> {
  try {
    const answer = await fetch('./.well-known/chatd');
    const { server } = (await answer.json()) as { server?: unknown };
    if (typeof server === 'string') serverName.value = server;
  } catch {
    // Logging in will say that the server can not be reached.
  }
}
