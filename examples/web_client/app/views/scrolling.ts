/** A row, and how far below the upper edge it was. */
export interface Anchor {
  key: string;
  top: number;
}

const AT_END_PX = 48;

const rowsIn = (scroller: HTMLElement): HTMLElement[] => [
  ...scroller.querySelectorAll<HTMLElement>('.timeline-rows > [data-key]'),
];

/** The first row that can be seen. */
export function anchorAt(scroller: HTMLElement): Anchor | null {
  const { scrollTop } = scroller;
  const row = rowsIn(scroller).find((one) => one.offsetTop + one.offsetHeight > scrollTop);
  return row ? { key: row.dataset['key'] ?? '', top: row.offsetTop - scrollTop } : null;
}

/** Puts the row back to where it was, if it is still there. */
export function keepAt(scroller: HTMLElement, { key, top }: Anchor): void {
  const row = rowsIn(scroller).find((one) => one.dataset['key'] === key);
  if (!row) return;
  const wanted = row.offsetTop - top;
  if (Math.abs(scroller.scrollTop - wanted) >= 1) scroller.scrollTop = wanted;
}

export const isAtEnd = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean =>
  scrollHeight - scrollTop - clientHeight < AT_END_PX;

/** The number of the last message whose end is on the screen; 0: none. */
export function lastSeenSeq(scroller: HTMLElement): number {
  const bottom = scroller.scrollTop + scroller.clientHeight;
  const row = rowsIn(scroller).findLast(
    (one) => one.dataset['seq'] && one.offsetTop + one.offsetHeight <= bottom,
  );
  return Number(row?.dataset['seq'] ?? 0);
}
