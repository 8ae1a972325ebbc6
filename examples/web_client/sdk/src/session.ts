import { backoff, spread } from './backoff.ts';
import { Line, type OpenSocket, type ServerEvent } from './line.ts';
import type { Methods } from './protocol.ts';
import { RpcError } from './rpc_error.ts';

export interface SessionListener {
  /** Who we are is clear, and requests may go out. */
  onOnline(): void;
  onEvent(event: ServerEvent): void;
  /** Without a line; another try comes at `retryAt`. */
  onOffline(retryAt: number): void;
  onConnecting(): void;
  /** The server does not know the token any more. */
  onRevoked(): void;
}

export type LoginMethod = 'account.login' | 'account.sign_up';
export type LoginResult = Methods['account.login']['result'];

/** Keeps a line to the server up, logged in as one device. */
export class Session {
  private line: Line | undefined;
  private token: string | undefined;
  private isOnline = false;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private nextWait: number | undefined;

  constructor(
    private readonly url: string,
    private readonly openSocket: OpenSocket,
    private readonly listener: SessionListener,
  ) {}

  /** Connects as the device that the token belongs to, and again whenever the line is lost. */
  start(token: string): void {
    this.token = token;
    this.connect();
  }

  /** Makes a new device; the session goes on as that one. */
  async login<Name extends LoginMethod>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<LoginResult> {
    this.stop();
    const line = await this.lineForLogin();
    try {
      return await line.call<LoginMethod>(method, params);
    } catch (error) {
      line.close();
      throw error;
    }
  }

  /** After a login: from here on as if resumed. */
  begin(token: string): void {
    this.token = token;
    if (this.line) this.becomeOnline();
    else this.connect();
  }

  stop(): void {
    clearTimeout(this.retry);
    this.token = undefined;
    this.failures = 0;
    this.line?.close();
  }

  call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]['params'],
  ): Promise<Methods[Name]['result']> {
    if (!this.isOnline || !this.line)
      return Promise.reject(new RpcError('disconnected', 'not connected'));
    return this.line.call(method, params);
  }

  /** The network is back, or the person asks: does not wait any longer. */
  tryNow(): void {
    if (this.token === undefined || this.line) return;
    clearTimeout(this.retry);
    this.connect();
  }

  private lineForLogin(): Promise<Line> {
    return new Promise((resolve, reject) => {
      const line: Line = new Line(this.openSocket, this.url, {
        onOpen: () => resolve(line),
        onEvent: (event) => this.onEvent(event),
        onClose: () => {
          reject(new RpcError('disconnected', 'the server can not be reached'));
          this.onClose(line);
        },
      });
      this.line = line;
    });
  }

  private connect(): void {
    this.listener.onConnecting();
    const line: Line = new Line(this.openSocket, this.url, {
      onOpen: () => void this.resume(line),
      onEvent: (event) => this.onEvent(event),
      onClose: () => this.onClose(line),
    });
    this.line = line;
  }

  private async resume(line: Line): Promise<void> {
    if (this.token === undefined) return;
    try {
      await line.call('session.resume', { token: this.token });
      if (this.line === line) this.becomeOnline();
    } catch (error) {
      const isFinal = error instanceof RpcError && error.code === 'unauthenticated';
      if (isFinal) this.revoked();
      else line.close();
    }
  }

  private becomeOnline(): void {
    this.failures = 0;
    this.isOnline = true;
    this.listener.onOnline();
  }

  private onEvent(event: ServerEvent): void {
    if (event.method === 'session.revoked') return this.revoked();
    if (event.method === 'server.draining')
      this.nextWait = spread(event.params.reconnect_after_ms, event.params.reconnect_before_ms);
    this.listener.onEvent(event);
  }

  private revoked(): void {
    if (this.token === undefined) return;
    this.stop();
    this.listener.onRevoked();
  }

  private onClose(line: Line): void {
    if (this.line !== line) return;
    this.line = undefined;
    this.isOnline = false;
    if (this.token === undefined) return;
    const wait = this.nextWait ?? backoff(this.failures++);
    this.nextWait = undefined;
    this.retry = setTimeout(() => this.connect(), wait);
    this.listener.onOffline(Date.now() + wait);
  }
}
