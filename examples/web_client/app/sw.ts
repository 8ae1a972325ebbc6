// Keeps the program on this device. All names but index.html's have a hash in them, so that what
// was fetched once never grows old; a new version is fetched whole before it takes over.

declare const VERSION: string;
declare const FILES: string[];

const scope = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `chatd ${VERSION}`;

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['./', ...FILES])));
});

scope.addEventListener('activate', (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith('chatd ') && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(clean());
});

scope.addEventListener('message', ({ data }) => {
  if (data === 'take over') void scope.skipWaiting();
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = url.pathname === new URL('./', scope.location.href).pathname;
  if (request.method !== 'GET' || url.origin !== scope.location.origin) return;
  if (request.mode === 'navigate' && !isPage) return;
  const answer = async () => (await caches.match(isPage ? './' : request)) ?? fetch(request);
  event.respondWith(answer());
});
