import { signal } from '@preact/signals';

/** What the address after # says is on the screen. */
export type Route =
  | { at: 'rooms' }
  | { at: 'room'; room: string; pane?: 'details'; seq?: number }
  | { at: 'contacts' }
  | { at: 'new' }
  | { at: 'settings'; page?: 'devices' };

function parse(hash: string): Route {
  const [at = '', first, second] = hash.replace(/^#\/?/, '').split('/');
  if (at === 'room' && first) {
    const seq = Number(second);
    if (second === 'details') return { at, room: first, pane: 'details' };
    return seq > 0 ? { at, room: first, seq } : { at, room: first };
  }
  if (at === 'settings') return first === 'devices' ? { at, page: first } : { at };
  return at === 'contacts' || at === 'new' ? { at } : { at: 'rooms' };
}

export function hashOf(route: Route): string {
  switch (route.at) {
    case 'rooms':
      return '#/';
    case 'room': {
      const last = route.pane ?? route.seq;
      return `#/room/${route.room}${last === undefined ? '' : `/${last}`}`;
    }
    case 'settings':
      return route.page ? `#/settings/${route.page}` : '#/settings';
    default:
      return `#/${route.at}`;
  }
}

export const route = signal<Route>(parse(location.hash));

export function go(to: Route): void {
  location.hash = hashOf(to);
}

addEventListener('hashchange', () => (route.value = parse(location.hash)));
