import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, type Person } from './person.ts';
import type { Stage } from './stage.ts';

const FOLDER = 'screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

export interface Look {
  name: string;
  options: NonNullable<Parameters<Stage['person']>[1]>;
}

/** What a screen may be like. */
export const LOOKS: Look[] = [
  { name: 'desktop light', options: { viewport: DESKTOP, colorScheme: 'light' } },
  { name: 'desktop dark', options: { viewport: DESKTOP, colorScheme: 'dark' } },
  { name: 'phone light', options: { viewport: PHONE, colorScheme: 'light', hasTouch: true } },
  { name: 'phone dark', options: { viewport: PHONE, colorScheme: 'dark', hasTouch: true } },
  {
    name: 'desktop arabic',
    options: { viewport: DESKTOP, colorScheme: 'light', locale: 'ar' },
  },
  {
    name: 'phone arabic',
    options: { viewport: PHONE, colorScheme: 'dark', hasTouch: true, locale: 'ar' },
  },
];

/** What axe finds wrong and calls serious or critical. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE); // as the debugger does: the page's own policy forbids it
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: Finding[] }> };
    };
    return (await axe.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`);
}

/** Draws what someone sees, for people to look at, and collects what axe finds in it. */
export class Album {
  readonly found: string[] = [];

  constructor(
    private readonly person: Person,
    private readonly look: Look,
  ) {
    mkdirSync(FOLDER, { recursive: true });
  }

  async shoot(view: string): Promise<void> {
    const { page } = this.person;
    await page.screenshot({ path: `${FOLDER}/${this.look.name} ${view}.png` });
    this.found.push(...(await faults(page)).map((fault) => `${view}: ${fault}`));
  }
}
