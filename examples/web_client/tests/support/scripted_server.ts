import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Events, JsonObject, Methods } from '#sdk';

type Answers = {
  [Name in keyof Methods]?: (params: Methods[Name]['params']) => Methods[Name]['result'];
};

interface Question {
  id: number;
  method: keyof Methods;
  params: never;
}

/** A server that answers as a test wants: for what needs two servers, or a bad one. */
export class ScriptedServer {
  private readonly sockets = new Set<WebSocket>();

  private constructor(
    private readonly server: WebSocketServer,
    private readonly answers: Answers,
  ) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('message', (data: Buffer) => {
        const { id, method, params } = JSON.parse(data.toString()) as Question;
        const answer = this.answers[method] as ((params: never) => JsonObject) | undefined;
        const result = answer?.(params) ?? {};
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result }));
      });
    });
  }

  static async start(answers: Answers): Promise<ScriptedServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((done) => server.once('listening', done));
    return new ScriptedServer(server, answers);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  tell<Name extends keyof Events>(method: Name, params: Events[Name]): void {
    for (const socket of this.sockets)
      socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  stop(): void {
    for (const socket of this.sockets) socket.terminate();
    this.server.close();
  }
}
