import { expect, test } from 'vitest';
import { scene } from '../support/scene.ts';
import { until } from '../support/until.ts';

const on = scene('alice', 'mallory', 'trent');

// Each would set `globalThis.wasHere` if it ran.
const ATTACKS = [
  '<img src=x onerror="globalThis.wasHere=1">',
  '<script>globalThis.wasHere=1</script>',
  '"><svg onload=globalThis.wasHere=1>',
  "';globalThis.wasHere=1;//",
  '{{constructor.constructor("globalThis.wasHere=1")()}}',
  'javascript:globalThis.wasHere=1',
  '[x](javascript:globalThis.wasHere=1)',
  'https://x.example/"onmouseover="globalThis.wasHere=1',
  'data:text/html,<script>globalThis.wasHere=1</script>',
  '`<img src=x onerror=globalThis.wasHere=1>`',
  '```html\n<img src=x onerror=globalThis.wasHere=1>\n```',
  '@<b onclick=globalThis.wasHere=1>mallory</b>',
];
const ATTACK = ATTACKS[0] ?? '';

test('nothing that others wrote is ever run, wherever it is shown', async () => {
  const mallory = await on.stage.bot('mallory');
  await mallory.call('profile.set', {
    display_name: ATTACK,
    status_text: '<script>globalThis.wasHere=1</script>',
  });
  await mallory.call('contact.request', { user: 'alice@chat.example' });
  const { room } = await mallory.call('room.create', {
    name: '"><img src=x onerror=globalThis.wasHere=1>',
    topic: ATTACK,
    invite: ['alice@chat.example', 'trent@chat.example'],
    join: 'open',
  });
  const direct = await mallory.call('room.open_direct', { user: 'alice@chat.example' });
  for (const text of ATTACKS) {
    await mallory.send(direct.room, { text });
    await mallory.send(room, { text, mentions: ['alice@chat.example'], reply_to: 1 });
  }
  await mallory.react(direct.room, 2, '<img src=x onerror=top.wasHere=1', true);
  await mallory.edit(direct.room, 3, { text: ATTACK, ...({ html: ATTACK } as object) });
  await mallory.send(direct.room, { ciphertext: ATTACK });
  await until('all is sent', async () => (await mallory.snapshot()).outbox.length === 0);

  const [alice] = await on.stage.loggedIn('alice');
  if (!alice) throw new Error('nobody is there');
  const { page } = alice;
  await page.getByText('Invites you').first().click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await alice.message('constructor').first().waitFor();
  await page.getByRole('link', { name: 'Details' }).first().click();
  await page.getByRole('button', { name: /mallory@/ }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Contacts, 1 request' }).click();
  await page.getByText('Requests to you').waitFor();
  await page.goto(`${on.stage.relay.url}#/room/${direct.room}`);
  await alice.message('constructor').first().waitFor();
  await alice.log.getByRole('button', { name: /onerror=top/ }).waitFor();
  await alice.composer.fill(ATTACK);
  await alice.composer.press('Enter');
  await page.getByRole('link', { name: 'New conversation' }).first().click();
  await page.getByLabel('Name or address').fill('mallory');
  await page.getByRole('button', { name: /mallory@/ }).waitFor();

  expect(await page.evaluate(() => 'wasHere' in globalThis)).toBe(false);
});

test('only web addresses become links, and they lead nowhere else', async () => {
  const [alice] = await on.stage.loggedIn('alice');
  await alice?.page.getByText('onerror').first().click();
  await alice?.message('x.example').first().waitFor();
  const links = await alice?.log.locator('.text a').evaluateAll((all) =>
    all.map((link) => ({
      href: (link as HTMLAnchorElement).href,
      rel: (link as HTMLAnchorElement).rel,
    })),
  );

  for (const { href, rel } of links ?? []) {
    expect(href).toMatch(/^https?:\/\//);
    expect(rel).toContain('noopener');
  }
  expect(links?.length).toBeGreaterThan(0);
});

test('the address of a page can not make it do anything', async () => {
  const [alice] = await on.stage.loggedIn('alice');
  if (!alice) throw new Error('nobody is there');
  for (const hash of [
    '#/room/<img src=x onerror=globalThis.wasHere=1>',
    '#/room/__proto__',
    '#//',
  ]) {
    await alice.page.goto(on.stage.relay.url + hash);
    await alice.page.getByRole('complementary', { name: 'Conversations' }).waitFor();
  }

  expect(await alice.page.evaluate(() => 'wasHere' in globalThis)).toBe(false);
});
