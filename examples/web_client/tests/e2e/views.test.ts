import { expect, test } from 'vitest';
import { fill } from '../support/fill.ts';
import { Album, LOOKS } from '../support/looks.ts';
import { scene } from '../support/scene.ts';
import type { Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const on = scene('alice', 'bob', 'carol', 'dave', 'erin', 'frank');

type Bot = Awaited<ReturnType<Stage['bot']>>;
type Neighbours = Record<'alice' | 'bob' | 'carol' | 'dave' | 'erin', Bot>;

/** A small community with something to look at. */
async function furnish(stage: Stage) {
  const [alice, bob, carol, dave, erin] = await Promise.all([
    stage.bot('alice'),
    stage.bot('bob'),
    stage.bot('carol'),
    stage.bot('dave'),
    stage.bot('erin'),
  ]);
  const all = { alice, bob, carol, dave, erin };
  await bob.call('profile.set', { display_name: 'Bob Baker', status_text: 'Bread at six' });
  await carol.call('profile.set', { display_name: 'Carol Danvers', status_text: '' });
  await alice.call('profile.set', { display_name: 'Alice Liddell', status_text: 'In the garden' });
  await dave.call('profile.set', { display_name: 'داود الكاتب', status_text: '' });
  for (const user of ['bob@chat.example', 'carol@chat.example'])
    await alice.call('contact.request', { user });
  await bob.call('contact.accept', { user: 'alice@chat.example' });
  await dave.call('contact.request', { user: 'alice@chat.example' });
  const room = await plantGarden(all);
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
  await foundCommittee(all);
  // Erin has enough of Alice.
  const { room: closed } = await alice.call('room.open_direct', { user: 'erin@chat.example' });
  await erin.call('contact.block', { user: 'alice@chat.example', blocked: true });
  await alice.markRead(room, (await alice.snapshot()).rooms[0]?.head_seq ?? 0);
  return { room, invitation, closed };
}

/** A group with a bit of everything. */
async function plantGarden({ alice, bob, carol, dave }: Neighbours): Promise<string> {
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
  const recipe = 'Nettle tea, mostly. Cover fresh nettles with water and wait two weeks. ';
  await carol.send(room, { text: recipe.repeat(30) });
  await dave.send(room, { text: 'شكرًا لكم جميعًا، سأمر غدًا مع الأدوات الجديدة.' });
  await Promise.all([carol, dave].map(said));
  await alice.send(room, {
    text: '@bob could you open the gate? See https://garden.example/plan#beds\n`gate --open 08:00`',
    mentions: ['bob@chat.example'],
  });
  await said(alice);
  await bob.send(room, { text: 'Will do', reply_to: seq });
  await said(bob);
  return room;
}

/** A group whose name is wider than any list, with a word that is wider than its bubble. */
async function foundCommittee({ alice, bob }: Neighbours): Promise<void> {
  const { room } = await bob.call('room.create', {
    name: 'Committee for the summer festival, the autumn market and everything in between',
    invite: ['alice@chat.example'],
  });
  await alice.call('room.join', { room });
  await bob.send(room, { text: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk'.repeat(3) });
  await said(bob);
}

async function said(bot: Bot): Promise<void> {
  await until('it is sent', async () => (await bot.snapshot()).outbox.length === 0);
}

let rooms: Awaited<ReturnType<typeof furnish>> | undefined;

test.each(LOOKS)('$name: all views are drawn, and axe finds nothing serious', async (look) => {
  rooms ??= await furnish(on.stage);
  const { room, invitation } = rooms;
  const person = await on.stage.person('alice', look.options);
  const { page } = person;
  const album = new Album(person, look);
  await page.locator('form').waitFor();
  await album.shoot('1 entrance');
  await page.locator('.card > .link').click();
  await page.locator('input').nth(3).waitFor();
  await album.shoot('1 entrance, new');
  await page.locator('.card > .link').click();
  await person.logIn();
  await page.locator('.rooms a').first().waitFor();
  await album.shoot('2 rooms');
  await person.goTo(`#/room/${invitation}`);
  await page.locator('.welcome .buttons').waitFor();
  await album.shoot('2 rooms, invitation');
  await person.goTo(`#/room/${room}`);
  await page.getByText('Will do').last().waitFor();
  await page.locator('.quote-sender').first().waitFor();
  await album.shoot('3 room');
  await person.message('Nettle tea').scrollIntoViewIfNeeded();
  await album.shoot('3 room, folded text');
  await person.message('08:00').click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await album.shoot('4 menu');
  await page.keyboard.press('Escape');
  await person.goTo(`#/room/${room}/details`);
  await page.locator('.details .people li').nth(3).waitFor();
  await album.shoot('5 details');
  await person.goTo('#/contacts');
  await page.locator('.people li').nth(2).waitFor();
  await album.shoot('6 contacts');
  await person.goTo('#/new');
  await page.locator('.picker').waitFor();
  await album.shoot('7 new');
  await page.locator('.tabs button').last().click();
  await page.locator('.person').first().click();
  await album.shoot('7 new, group');
  await person.goTo('#/settings');
  await page.locator('.profile-head').waitFor();
  await album.shoot('8 settings');
  await page.locator('.section > .button[type=button]').first().click();
  await page.locator('dialog input').nth(1).waitFor();
  await album.shoot('8 settings, password');
  await page.keyboard.press('Escape');
  await person.goTo('#/settings/devices');
  await page.locator('.people li').first().waitFor();
  await album.shoot('9 devices');
  await person.context.close();

  expect(album.found).toEqual([]);
});

test.each(LOOKS)('$name: what went wrong is drawn, and axe finds nothing serious', async (look) => {
  rooms ??= await furnish(on.stage);
  const person = await on.stage.person('alice', look.options);
  const { page } = person;
  const album = new Album(person, look);
  const writing = page.locator('.composer textarea');
  await person.logIn();
  await person.goTo(`#/room/${rooms.closed}`);
  await writing.fill('Is the gate locked at night?');
  await page.locator('.send').click();
  await page.locator('.unsaid').waitFor();
  await album.shoot('3 room, refused');
  await on.stage.relay.cut();
  await page.locator('.banner').waitFor();
  await writing.fill('Hello?');
  await page.locator('.send').click();
  await page.locator('.state.waiting').waitFor();
  await album.shoot('3 room, offline');
  await on.stage.relay.mend();
  await person.context.close();

  expect(album.found).toEqual([]);
});

test.each(LOOKS)('$name: what is empty is drawn, and axe finds nothing serious', async (look) => {
  const person = await on.stage.person('frank', look.options);
  const album = new Album(person, look);
  await person.logIn();
  await album.shoot('2 rooms, none');
  await person.goTo('#/contacts');
  await person.page.locator('.page .empty').waitFor();
  await album.shoot('6 contacts, none');
  await person.goTo('#/new');
  await person.page.locator('.picker input').fill('nobody');
  await person.page.locator('.picker .empty').waitFor();
  await album.shoot('7 new, nobody found');
  await person.context.close();

  expect(album.found).toEqual([]);
});
