import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const app = new URL('../app/', import.meta.url);
const fixed = readdirSync(new URL('public', app)).sort();

/** Puts the service worker beside the page, under a name that stays, and tells it all files. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: new URL('sw.ts', app).pathname, fileName: 'sw.js' });
    },
    generateBundle(_, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('there is no service worker');
      const made = Object.keys(bundle).filter((name) => !/^(sw\.js|index\.html)$/.test(name));
      const files = [...made, ...fixed].sort();
      // Names with a hash stand for their content; the others do not.
      const hash = createHash('sha256').update(files.join());
      for (const name of fixed) hash.update(readFileSync(new URL(`public/${name}`, app)));
      hash.update(readFileSync(new URL('index.html', app)));
      const version = hash.digest('hex').slice(0, 12);
      const told = `const FILES=${JSON.stringify(files)},VERSION=${JSON.stringify(version)};`;
      worker.code = told + worker.code;
    },
  };
}
