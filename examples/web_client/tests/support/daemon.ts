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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** What a server needs that talks with others. */
export interface Links {
  /** Where it listens for them, and they for it. */
  port: number;
  peers: readonly { server: string; port: number }[];
  /** PEM: its own, and whom it trusts to have signed theirs. */
  certificate: string;
  key: string;
  authority: string;
}

const peer = ({ server, port }: Links['peers'][number]) =>
  `{ server = "${server}", endpoints = ["127.0.0.1:${port}"] }`;

const linked = ({ peers }: Links) => `
[tls]
certificate = "certificate.pem"
key = "key.pem"
[federation]
peers = [${peers.map(peer).join(', ')}]
`;

interface Place {
  name: string;
  home: string;
  port: number;
  links: Links | undefined;
}

const configuration = ({ name, home, port, links }: Place) => `
[server]
name = "${name}"
data_dir = "data"
[listen]
tls = [${links ? `"127.0.0.1:${links.port}"` : ''}]
plain = ["127.0.0.1:${port}"]
max_connections = 200
[control]
socket = "${home}/chatd.sock"
${links ? linked(links) : ''}
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

  private constructor(private readonly place: Place) {}

  static async start(name = 'chat.example', links?: Links): Promise<Daemon> {
    const home = mkdtempSync(join(tmpdir(), 'chatd-web-'));
    const daemon = new Daemon({ name, home, port: await freePort(), links });
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'chatd.toml'), configuration(daemon.place));
    if (links) {
      writeFileSync(join(home, 'certificate.pem'), links.certificate);
      writeFileSync(join(home, 'key.pem'), links.key);
      writeFileSync(join(home, 'authority.pem'), links.authority);
    }
    await daemon.run();
    return daemon;
  }

  get port(): number {
    return this.place.port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async run(): Promise<void> {
    const { home, links } = this.place;
    const child = spawn(join(BUILD, 'daemon/app/chatd'), ['--config', 'chatd.toml'], {
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(links && { SSL_CERT_FILE: join(home, 'authority.pem') }) },
    });
    child.stderr.pipe(createWriteStream(join(home, 'chatd.log'), { flags: 'a' }));
    this.process = child;
    await until('the server answers', async () => {
      if (child.exitCode !== null) throw new Error(`chatd ended; see ${home}/chatd.log`);
      if (!existsSync(join(home, 'chatd.sock'))) return false;
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
    rmSync(this.place.home, { recursive: true });
  }

  /** Makes an account with the usual password. */
  account(name: string, displayName: string): void {
    const file = join(this.place.home, 'password');
    writeFileSync(file, PASSWORD);
    this.chatctl('user', 'create', name, '--display-name', displayName, '--password-file', file);
  }

  private chatctl(...words: string[]): void {
    const program = join(BUILD, 'cli/chatctl');
    execFileSync(program, ['--socket', join(this.place.home, 'chatd.sock'), ...words]);
  }
}
