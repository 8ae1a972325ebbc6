import { mkdirSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { fill } from '../support/fill.ts';
import { DESKTOP, PHONE, type Person } from '../support/person.ts';
import { scene } from '../support/scene.ts';
import type { Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const FOLDER = 'screenshots';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const on = scene('alice', 'bob', 'carol', 'dave', 'erin');

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

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

/** A small community with something to look at. */
async function furnish(stage: Stage): Promise<{ room: string; invitation: string }> {
  const names = ['alice', 'bob', 'carol', 'dave', 'erin'];
  const [alice, bob, carol, dave, erin] = await Promise.all(names.map((name) => stage.bot(name)));
  if (!alice || !bob || !carol || !dave || !erin) throw new Error('somebody is missing');
  await bob.call('profile.set', { display_name: 'Bob Baker', status_text: 'Bread at six' });
  await carol.call('profile.set', { display_name: 'Carol Danvers', status_text: '' });
  await alice.call('profile.set', { display_name: 'Alice Liddell', status_text: 'In the garden' });
  await dave.call('profile.set', { display_name: 'داود الكاتب', status_text: '' });
  for (const user of ['bob@chat.example', 'carol@chat.example'])
    await alice.call('contact.request', { user });
  await bob.call('contact.accept', { user: 'alice@chat.example' });
  await dave.call('contact.request', { user: 'alice@chat.example' });
  const { room } = await alice.call('room.create', {
    name: 'Community garden',
    topic: 'Beds, tools, and who waters when',
    invite: ['bob@chat.example', 'carol@chat.example', 'dave@chat.example'],
    presence: true,
  });
  for (const bot of [bob, carol, dave]) await bot.call('room.join', { room });
  await fill(bob, room, 40, (index) => `Watering log, entry ${index + 1}`);
  await carol.send(room, { text: 'The tomatoes in bed 4 look great this year! 🍅' });
  await said(carol);
  const { records } = await carol.history(room, 'newest', 1);
  const seq = records[0]?.seq ?? 0;
  await alice.react(room, seq, '❤️', true);
  await bob.react(room, seq, '❤️', true);
  await dave.react(room, seq, '🎉', true);
  await bob.send(room, { text: 'They do. What did you feed them?', reply_to: seq });
  await said(bob);
  const long = 'Nettle tea, mostly. Cover fresh nettles with water and wait two weeks. ';
  await carol.send(room, { text: long.repeat(30) });
  await dave.send(room, { text: 'شكرًا لكم جميعًا، سأمر غدًا مع الأدوات الجديدة.' });
  await Promise.all([carol, dave].map(said));
  await alice.send(room, {
    text: '@bob could you open the gate? See https://garden.example/plan#beds\n`gate --open 08:00`',
    mentions: ['bob@chat.example'],
  });
  await said(alice);
  await bob.send(room, { text: 'Will do', reply_to: seq });
  await said(bob);
  for (const [bot, text] of [
    [bob, 'See you on Saturday?'],
    [erin, 'Hello Alice, we met at the market.'],
    [carol, '👍'],
  ] as const) {
    const direct = await bot.call('room.open_direct', { user: 'alice@chat.example' });
    await bot.send(direct.room, { text });
    await said(bot);
  }
  const club = { name: 'Book club', invite: ['alice@chat.example'] };
  const { room: invitation } = await erin.call('room.create', club);
  await alice.markRead(room, (await alice.snapshot()).rooms[0]?.head_seq ?? 0);
  return { room, invitation };
}

async function said(bot: Awaited<ReturnType<Stage['bot']>>): Promise<void> {
  await until('it is sent', async () => (await bot.snapshot()).outbox.length === 0);
}

type Look = Parameters<Stage['person']>[1];

const LOOKS: { name: string; options: Look; language?: string }[] = [
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

let rooms: Awaited<ReturnType<typeof furnish>> | undefined;

test.each(LOOKS)('$name: all views are drawn, and axe finds nothing serious', async (look) => {
  mkdirSync(FOLDER, { recursive: true });
  rooms ??= await furnish(on.stage);
  const { room, invitation } = rooms;
  const person = await on.stage.person('alice', look.options);
  const found: string[] = [];
  const shoot = async (view: string) => {
    await person.page.screenshot({ path: `${FOLDER}/${look.name} ${view}.png` });
    found.push(...(await faults(person.page)).map((fault) => `${view}: ${fault}`));
  };
  const at = async (hash: string) => {
    await person.page.evaluate((to) => (location.hash = to), hash);
  };
  await person.page.locator('form').waitFor();
  await shoot('1 entrance');
  await person.page.locator('.card > .link').click();
  await person.page.locator('input').nth(3).waitFor();
  await shoot('1 entrance, new');
  await person.page.locator('.card > .link').click();
  await enter(person);
  await person.page.locator('.rooms a').first().waitFor();
  await shoot('2 rooms');
  await at(`#/room/${invitation}`);
  await person.page.locator('.welcome .buttons').waitFor();
  await shoot('2 rooms, invitation');
  await at(`#/room/${room}`);
  await person.page.getByText('Will do').last().waitFor();
  await person.page.locator('.quote-sender').first().waitFor();
  await shoot('3 room');
  await person.message('08:00').click({ button: 'right' });
  await person.page.getByRole('menu').waitFor();
  await shoot('4 menu');
  await person.page.keyboard.press('Escape');
  await at(`#/room/${room}/details`);
  await person.page.locator('.details .people li').nth(3).waitFor();
  await shoot('5 details');
  await at('#/contacts');
  await person.page.locator('.people li').nth(2).waitFor();
  await shoot('6 contacts');
  await at('#/new');
  await person.page.locator('.picker').waitFor();
  await shoot('7 new');
  await person.page.locator('.tabs button').last().click();
  await person.page.locator('.person').first().click();
  await shoot('7 new, group');
  await at('#/settings');
  await person.page.locator('.profile-head').waitFor();
  await shoot('8 settings');
  await at('#/settings/devices');
  await person.page.locator('.people li').first().waitFor();
  await shoot('9 devices');
  await person.context.close();

  expect(found).toEqual([]);
});

async function enter(person: Person): Promise<void> {
  const { page } = person;
  await page.locator('input').nth(0).fill('alice');
  await page.locator('input').nth(1).fill('a long enough pass phrase');
  await page.locator('button[type=submit]').click();
}
