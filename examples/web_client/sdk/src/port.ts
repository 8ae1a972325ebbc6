/** Something that carries messages both ways, in order: a MessagePort, or a tab's channel. */
export interface Port {
  post(message: unknown): void;
  listen(handler: (message: unknown) => void): void;
}

export function portOf(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen: (handler) => {
      port.addEventListener('message', ({ data }) => handler(data));
      port.start();
    },
  };
}

/** What goes through a port; each tab has its own. */
export type ToHost = { id: number; name: string; args: unknown[] };
export type ToTab =
  | { id: number; result: unknown }
  | { id: number; error: { code: string; message: string; retryAfterMs?: number | undefined } }
  | { event: string; value: unknown };
