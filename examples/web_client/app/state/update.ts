import { signal } from '@preact/signals';

/** A newer version is here and waits for this one to be closed. */
export const waitingVersion = signal<ServiceWorker | undefined>(undefined);

/** Keeps the program itself on this device, so that it opens without a network. */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('./sw.js', { type: 'module' }).then((registration) => {
    const look = () => {
      if (registration.waiting && navigator.serviceWorker.controller)
        waitingVersion.value = registration.waiting;
    };
    look();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', look);
    });
  });
}

export function updateNow(): void {
  const { controller } = navigator.serviceWorker;
  if (!waitingVersion.value || !controller) return location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
  waitingVersion.value.postMessage('take over');
}
