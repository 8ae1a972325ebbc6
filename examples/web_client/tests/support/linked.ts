import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon, freePort } from './daemon.ts';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Signs certificates for servers that trust nobody else. */
class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'chatd-authority-'));

  constructor() {
    const files = ['-keyout', 'ca.key', '-out', 'ca.pem'];
    const use = ['-addext', 'keyUsage=critical,keyCertSign'];
    this.openssl('req', '-x509', ...NEW_KEY, ...files, '-subj', '/CN=test authority', ...use);
  }

  get certificate(): string {
    return this.read('ca.pem');
  }

  sign(server: string): { certificate: string; key: string } {
    const subject = ['-subj', `/CN=${server}`];
    this.openssl('req', ...NEW_KEY, '-keyout', 'key.pem', '-out', 'request.pem', ...subject);
    writeFileSync(join(this.folder, 'names'), `subjectAltName=DNS:${server}`);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    const files = ['-in', 'request.pem', '-out', 'certificate.pem', '-extfile', 'names'];
    this.openssl('x509', '-req', ...files, ...signer);
    return { certificate: this.read('certificate.pem'), key: this.read('key.pem') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.folder, stdio: 'pipe' });
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

/** Starts two servers, each of which is told where the other one is. */
export async function startLinked(one: string, two: string): Promise<[Daemon, Daemon]> {
  const authority = new Authority();
  const [portOfOne, portOfTwo] = [await freePort(), await freePort()];
  const start = (server: string, port: number, peer: { server: string; port: number }) =>
    Daemon.start(server, {
      ...authority.sign(server),
      ...{ port, peers: [peer], authority: authority.certificate },
    });
  try {
    return [
      await start(one, portOfOne, { server: two, port: portOfTwo }),
      await start(two, portOfTwo, { server: one, port: portOfOne }),
    ];
  } finally {
    authority.remove();
  }
}
