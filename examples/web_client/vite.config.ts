import { defineConfig } from 'vitest/config';
import { offline } from './packaging/offline.ts';

export default defineConfig({
  root: 'app',
  base: './',
  plugins: [offline()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: 'chrome123', // light-dark() stays as it is
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  server: { proxy: { '/ws': { target: process.env['CHATD_URL'] ?? '', ws: true } } },
  test: {
    root: '.',
    fileParallelism: false, // the browsers need the machine for themselves
    setupFiles: 'sdk/src/node.ts',
    projects: [
      {
        extends: true,
        test: { name: 'unit', root: '.', include: ['tests/unit/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          root: '.',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
