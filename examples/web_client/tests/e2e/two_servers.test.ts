import { expect, test } from 'vitest';
import { Album, LOOKS } from '../support/looks.ts';
import type { Person } from '../support/person.ts';
import { twoServers } from '../support/scene.ts';
import { until } from '../support/until.ts';

const on = twoServers();
let alice: Person;
let bob: Person;

async function foundGroup(name: string): Promise<void> {
  await alice.page.getByRole('link', { name: 'New conversation' }).first().click();
  await alice.page.getByRole('button', { name: 'Group' }).click();
  await alice.page.getByLabel('Name of the group').fill(name);
  await alice.page.getByLabel('Name or address').fill('bob@two.example');
  await alice.page.getByRole('button', { name: /bob@two\.example/ }).click();
  await alice.page.getByRole('button', { name: 'Create group' }).click();
  await alice.composer.waitFor();
}

test('people of two servers meet in a group of one of them', async () => {
  alice = await on.one.person('alice');
  bob = await on.two.person('bob');
  await Promise.all([alice.logIn(), bob.logIn()]);
  await foundGroup('The Garden');
  await bob.page.getByText('Invites you').first().click();
  await bob.page.getByText(/The group is on the server .*one\.example/).waitFor();
  await bob.page.getByRole('button', { name: 'Accept' }).click();
  await bob.composer.waitFor();

  await alice.say('Who walks in the garden?');
  await bob.message('Who walks in the garden?').waitFor();
  await bob.say('Only Bob');
  await alice.message('Only Bob').waitFor();
  await bob.message('Only Bob').getByRole('img', { name: 'Read', exact: true }).waitFor();

  await foundGroup('The Orchard');
  await bob.page.getByText('Invites you').first().waitFor();
});

test('what is said while the server of the group is away is seen to wait', async () => {
  await on.one.daemon.kill();
  for (const text of ['I hear steps', 'Never mind', 'Is it you?']) await bob.say(text);

  for (const text of ['I hear steps', 'Never mind', 'Is it you?'])
    await bob
      .message(text)
      .getByText(/Waiting for .*one\.example/)
      .waitFor();
  const away = bob.page.getByRole('main').getByText(/one\.example.* unreachable since/);
  await away.waitFor();
  await bob.page.reload();
  await bob
    .message('Is it you?')
    .getByText(/Waiting for/)
    .waitFor();
  await away.waitFor();
});

test('it can be taken back', async () => {
  await bob.message('Never mind').getByRole('button', { name: 'Cancel' }).click();

  await until('it is gone', async () => (await bob.message('Never mind').count()) === 0);
  expect((await bob.texts()).slice(-2)).toEqual(['I hear steps', 'Is it you?']);
});

test('who accepts an invitation meanwhile is told what for they wait', async () => {
  const garden = bob.page.url();
  await bob.page.getByText('Invites you').first().click();
  await bob.page.getByRole('button', { name: 'Accept' }).click();

  await bob.page.getByText(/Waiting for .*one\.example.* to let you in/).waitFor();
  await bob.page.goto(garden);
  await bob.composer.waitFor();
});

test.each(LOOKS)('$name: it is drawn, and axe finds nothing serious', async (look) => {
  const person = await on.two.person('bob', look.options);
  const album = new Album(person, look);
  await person.logIn();
  await person.page.getByText('The Garden').first().click();
  await person.page.locator('.unsaid').nth(1).waitFor();
  await person.page.locator('main .banner').waitFor();
  await album.shoot('3 room, server away');
  await person.goTo('#/');
  await person.page.locator('.rooms .badge').click();
  await person.page.locator('.welcome [role=status]').waitFor();
  await album.shoot('2 rooms, invitation waits');
  await person.context.close();

  expect(album.found).toEqual([]);
});

test('when that server is back all of it arrives, once and in order', async () => {
  await on.one.daemon.run();
  await alice.networkIsBack();
  await alice.openRoom('The Garden');
  // Her server tells his, which need not look for it again then.
  await alice.say('It is me');
  await bob.message('It is me').waitFor();
  await alice.message('Is it you?').waitFor();
  await bob.message('Is it you?').getByRole('img', { name: 'Read', exact: true }).waitFor();

  const texts = await alice.texts();
  expect(await bob.texts()).toEqual(texts);
  const said = ['Who walks in the garden?', 'Only Bob', 'I hear steps', 'Is it you?'];
  expect(texts.filter((text) => text !== 'It is me')).toEqual(said);
  expect(texts.length).toBe(said.length + 1);
  expect(await bob.page.getByText('unreachable since').count()).toBe(0);
  await bob.openRoom('The Orchard');
});

test('the owner keeps all people of the other server out, and lets them in again', async () => {
  await alice.page.getByRole('link', { name: 'Details' }).first().click();
  const details = alice.page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: /bob@two\.example/ }).click();
  await alice.page.getByRole('button', { name: /Ban everyone of .*two\.example/ }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Ban', exact: true }).click();

  await alice.log.getByText(/banned everyone of .*two\.example/).waitFor();
  await bob.page.goto(alice.page.url().replace(/.*#/, `${on.two.relay.url}#`));
  await bob.page.getByText('You are not in this conversation').waitFor();
  await details.getByRole('button', { name: 'Lift the ban' }).click();
  await alice.log.getByText(/lifted the ban of .*two\.example/).waitFor();
});
