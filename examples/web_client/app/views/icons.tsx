import type { JSX } from 'preact';

// Drawn on a grid of 24, lines of the colour of the text.
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  send: 'M4.5 12h13M12 5.5l6.5 6.5-6.5 6.5',
  reply: 'M9 7l-5 5 5 5M4 12h10a6 6 0 0 1 6 6v1',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM14 6.5l3.5 3.5',
  trash: 'M5 7h14M10 11v6M14 11v6M7 7l1 13h8l1-13M9.5 7V4h5v3',
  copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
  smile:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 14.5c1 1.300 2.200 2 3.5 2s2.5-.7 3.5-2M9 9.5v.5M15 9.5v.5',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  down: 'M12 5v13M6 12.5l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.300l2.8 1.700',
  alert: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v5M12 16v.01',
  people:
    'M9 5.5a3 3 0 1 0 0 6.5 3 3 0 0 0 0-6.5M3 19c.5-3 2.8-4.800 6-4.800s5.5 1.800 6 4.800M15.5 6a3 3 0 0 1 0 6M17.5 14.800c2 .6 3.200 2 3.5 4.200',
  person:
    'M12 4.5a3.6 3.6 0 1 0 0 7.200 3.6 3.6 0 0 0 0-7.200M5 20c.6-3.6 3.300-5.600 7-5.600s6.400 2 7 5.600',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  devices: 'M3.5 5.5h13v9h-13zM2 18h9M15 10.5h6v9h-6z',
  info: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 11.5V16M12 8v.01',
  search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l4.5 4.5',
  at: 'M12 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M15.5 12v1.5a2.300 2.300 0 0 0 4.5 0V12a8 8 0 1 0-3 6.200',
  block: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M6.5 6.5l11 11',
} as const;

export type IconName = keyof typeof PATHS;

/** Read by eyes only: what stands beside it, or a label, says the same. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  // Arrows point the way one reads.
  const isDirected = name === 'back' || name === 'forward' || name === 'send' || name === 'reply';
  return (
    <svg class={isDirected ? 'icon icon-directed' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
