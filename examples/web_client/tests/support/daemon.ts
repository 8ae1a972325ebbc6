import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './until.ts';

/** The build folder of the daemon. */
const BUILD = resolve(process.env['CHATD_BUILD'] ?? '../../build/release');

/** What `npm run build` made. */
const WEB_ROOT = resolve('dist');

export const PASSWORD = 'a long enough pass phrase';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const configuration = (home: string, port: number) => `
[server]
name = "chat.example"
data_dir = "data"
[listen]
tls = []
plain = ["127.0.0.1:${port}"]
max_connections = 200
[control]
socket = "${home}/chatd.sock"
[plugins]
dirs = ["${BUILD}/lib/chatd/plugins"]
[accounts]
sign_up = "open"
[limits]
messages_per_minute = 1000000
requests_per_second = 10000
logins_per_minute = 10000
sign_ups_per_hour = 10000
[web]
root = "${WEB_ROOT}"
`;

/** A server of one's own, in a folder that is gone afterwards. */
export class Daemon {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly home: string,
    readonly port: number,
  ) {}

  static async start(): Promise<Daemon> {
    const home = mkdtempSync(join(tmpdir(), 'chatd-web-'));
    const daemon = new Daemon(home, await freePort());
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'chatd.toml'), configuration(home, daemon.port));
    await daemon.run();
    return daemon;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async run(): Promise<void> {
    const child = spawn(join(BUILD, 'daemon/app/chatd'), ['--config', 'chatd.toml'], {
      cwd: this.home,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.pipe(createWriteStream(join(this.home, 'chatd.log'), { flags: 'a' }));
    this.process = child;
    await until('the server answers', async () => {
      if (child.exitCode !== null) throw new Error(`chatd ended; see ${this.home}/chatd.log`);
      if (!existsSync(join(this.home, 'chatd.sock'))) return false;
      return fetch(`http://127.0.0.1:${this.port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  }

  /** As by a power cut. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true });
  }

  /** Makes an account with the usual password. */
  account(name: string, displayName: string): void {
    const file = join(this.home, 'password');
    writeFileSync(file, PASSWORD);
    this.chatctl('user', 'create', name, '--display-name', displayName, '--password-file', file);
  }

  private chatctl(...words: string[]): void {
    const program = join(BUILD, 'cli/chatctl');
    execFileSync(program, ['--socket', join(this.home, 'chatd.sock'), ...words]);
  }
}
