import type { Events, JsonObject, Methods } from './protocol.ts';
import { RpcError, type ErrorCode } from './rpc_error.ts';

/** As much of a WebSocket as is used: that of a browser, or npm's `ws`. */
export interface Socket {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', handler: () => void): void;
  addEventListener(type: 'message', handler: (event: { data: unknown }) => void): void;
}

export type OpenSocket = (url: string, protocol: string) => Socket;

/** An event with its name: what the server says without being asked. */
export type ServerEvent = {
  [Name in keyof Events]: { method: Name; params: Events[Name] };
}[keyof Events];

export interface LineListener {
  onOpen(): void;
  onEvent(event: ServerEvent): void;
  /** Once, and nothing after it. */
  onClose(): void;
}

interface Waiting {
  resolve: (result: never) => void;
  reject: (error: RpcError) => void;
}

const OPEN_WITHIN_MS = 15_000;
const SILENCE_BEFORE_PING_MS = 30_000;
const ANSWER_TO_PING_WITHIN_MS = 10_000;

function errorOf(error: JsonObject): RpcError {
  const data = (error['data'] ?? {}) as JsonObject;
  const retryAfter = data['retry_after_ms'];
  return new RpcError(
    (typeof data['code'] === 'string' ? data['code'] : 'internal') as ErrorCode,
    typeof error['message'] === 'string' ? error['message'] : '',
    typeof retryAfter === 'number' ? retryAfter : undefined,
  );
}

/** One WebSocket from its beginning to its end: questions, answers, events and the heartbeat. */
export class Line {
  private readonly socket: Socket;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private isOpen = false;
  private isClosed = false;
  private deadline: ReturnType<typeof setTimeout>;

  constructor(
    openSocket: OpenSocket,
    url: string,
    private readonly listener: LineListener,
  ) {
    this.socket = openSocket(url, 'chatd.v1');
    this.socket.addEventListener('open', () => this.onOpen());
    this.socket.addEventListener('message', ({ data }) => this.onMessage(data));
    this.socket.addEventListener('close', () => this.close());
    this.socket.addEventListener('error', () => this.close());
    this.deadline = setTimeout(() => this.close(), OPEN_WITHIN_MS);
  }

  call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<Methods[Name]['result']> {
    if (!this.isOpen) return Promise.reject(new RpcError('disconnected', 'not connected'));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isOpen = false;
    clearTimeout(this.deadline);
    this.socket.close();
    for (const { reject } of this.waiting.values())
      reject(new RpcError('disconnected', 'the connection was lost'));
    this.waiting.clear();
    this.listener.onClose();
  }

  private onOpen(): void {
    if (this.isClosed) return;
    this.isOpen = true;
    this.heard();
    this.listener.onOpen();
  }

  private heard(): void {
    clearTimeout(this.deadline);
    this.deadline = setTimeout(() => this.ping(), SILENCE_BEFORE_PING_MS);
  }

  private ping(): void {
    this.deadline = setTimeout(() => this.close(), ANSWER_TO_PING_WITHIN_MS);
    this.call('session.ping', {}).catch(() => undefined);
  }

  private onMessage(data: unknown): void {
    if (this.isClosed || typeof data !== 'string') return;
    this.heard();
    let message: JsonObject;
    try {
      message = JSON.parse(data) as JsonObject;
    } catch {
      return this.close();
    }
    if (typeof message['method'] === 'string')
      return this.listener.onEvent(message as unknown as ServerEvent);
    const waiting = this.waiting.get(message['id'] as number);
    if (!waiting) return;
    this.waiting.delete(message['id'] as number);
    if (message['error']) waiting.reject(errorOf(message['error'] as JsonObject));
    else waiting.resolve((message['result'] ?? {}) as never);
  }
}
