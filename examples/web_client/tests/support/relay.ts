import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The network between a browser and the server: it can be cut, and mended. */
export class Relay {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  private constructor(
    private readonly target: number,
    private port: number,
  ) {}

  static async to(target: number): Promise<Relay> {
    const relay = new Relay(target, 0);
    await relay.mend();
    return relay;
  }

  get url(): string {
    return `http://localhost:${this.port}/`;
  }

  async mend(): Promise<void> {
    const server = createServer((near) => {
      const far = connect(this.target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    server.listen(this.port, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async cut(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = new Promise((done) => server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
