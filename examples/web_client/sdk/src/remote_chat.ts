import type { Chat, ChatApi, ChatEvents } from './chat_api.ts';
import { Emitter } from './emitter.ts';
import { METHODS } from './host.ts';
import type { Port, ToTab } from './port.ts';
import { RpcError, type ErrorCode } from './rpc_error.ts';

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: RpcError) => void;
}

/** A chat that lives elsewhere, behind a port. */
export class RemoteChat {
  private readonly events = new Emitter<ChatEvents>();
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  /** The chat as its users see it. */
  readonly chat: Chat;

  constructor(private readonly port: Port) {
    port.listen((message) => this.onMessage(message as ToTab));
    const methods = Object.keys(METHODS).map((name) => [
      name,
      (...args: unknown[]) => this.ask(name, args),
    ]);
    const api = Object.fromEntries(methods) as ChatApi;
    this.chat = { ...api, on: (name, handler) => this.events.on(name, handler) };
  }

  /** Somebody else is at the other end: what was asked before is not answered any more. */
  restart(): void {
    const error = new RpcError('disconnected', 'the tab that held the connection was closed');
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.events.emit('restarted', null);
  }

  private ask(name: string, args: unknown[]): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.port.post({ id, name, args });
    });
  }

  private onMessage(message: ToTab): void {
    if ('event' in message)
      return this.events.emit(message.event as keyof ChatEvents, message.value as never);
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('result' in message) return waiting?.resolve(message.result);
    const { code, message: text, retryAfterMs } = message.error;
    waiting?.reject(new RpcError(code as ErrorCode, text, retryAfterMs));
  }
}
