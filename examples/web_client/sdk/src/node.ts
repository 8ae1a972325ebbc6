import { webcrypto } from 'node:crypto';
import { WebSocket } from 'ws';
import { ChatClient } from './chat_client.ts';
import { MemoryStore } from './memory_store.ts';
import type { Store } from './store.ts';

export * from './index.ts';

// Node 18 has it, but not under the name that all others have.
if (!('crypto' in globalThis)) Object.assign(globalThis, { crypto: webcrypto });

export interface NodeOptions {
  /** `https://chat.example`, or `http://localhost:8080` behind a proxy. */
  server: string;
  user: string;
  password: string;
  /** What this login is called among the account's devices. */
  deviceName?: string;
  /** Forgets all at the end of the process unless told otherwise. */
  store?: Store;
}

/** A chat in Node: logs in, unless the store holds a login, and resolves once in step. */
export async function connect(options: NodeOptions): Promise<ChatClient> {
  const url = new URL('/ws', options.server);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  const chat = await ChatClient.open({
    url: url.href,
    store: options.store ?? new MemoryStore(),
    openSocket: (address, protocol) => new WebSocket(address, protocol),
  });
  const inStep = new Promise<void>((resolve) => {
    const stop = chat.on('status', ({ state }) => {
      if (state !== 'online') return;
      stop();
      resolve();
    });
  });
  const { user, password, deviceName: device_name = 'bot' } = options;
  if (!(await chat.snapshot()).me) await chat.login({ user, password, device_name });
  await inStep;
  return chat;
}
