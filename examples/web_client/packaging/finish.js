// After the build: what browsers must not meet, how much the first screen weighs, and each file
// compressed beside itself.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FIRST_SCREEN_MOST_BYTES = 150 * 1024;
const COMPRESSED = /\.(html|js|css|svg|webmanifest|json)$/;
const dist = new URL('../dist', import.meta.url).pathname;

const fail = (text) => {
  console.error(`build: ${text}`);
  process.exit(1);
};

const names = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

const index = readFileSync(join(dist, 'index.html'), 'utf8');
// The daemon's Content-Security-Policy lets nothing run that stands in the page itself.
if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i.test(index))
  fail('index.html has inline code');
if (/(?:src|href)="(?:https?:)?\/\//i.test(index)) fail('index.html names another server');

let firstScreen = 0;
for (const name of names.filter((one) => COMPRESSED.test(one))) {
  const bytes = readFileSync(name);
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(`${name}.gz`, gzip);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${name}.br`, brotliCompressSync(bytes, { params: quality }));
  // All but other languages and what works in the background: the page with all it names.
  const isFirst = name.endsWith('index.html') || index.includes(name.slice(dist.length + 1));
  if (isFirst) firstScreen += gzip.length;
}
if (firstScreen > FIRST_SCREEN_MOST_BYTES)
  fail(`the first screen takes ${firstScreen} bytes, more than ${FIRST_SCREEN_MOST_BYTES}`);
console.log(`first screen: ${(firstScreen / 1024).toFixed(1)} KiB (gzip)`);
