import { expect, test } from 'vitest';
import { scene } from '../support/scene.ts';
import { until } from '../support/until.ts';
import type { Person } from '../support/person.ts';

const on = scene('alice', 'bob', 'carol');
let people: Person[];

test('three people are invited, come and talk in a group', async () => {
  people = await on.stage.loggedIn('alice', 'bob', 'carol');
  const [alice, bob, carol] = people as [Person, Person, Person];
  await alice.page.getByRole('link', { name: 'New conversation' }).first().click();
  await alice.page.getByRole('button', { name: 'Group' }).click();
  await alice.page.getByLabel('Name of the group').fill('Orchard');
  for (const name of ['bob', 'carol']) {
    await alice.page.getByLabel('Name or address').fill(name);
    await alice.page.getByRole('button', { name: new RegExp(`${name}@`) }).click();
  }
  await alice.page.getByRole('button', { name: 'Create group' }).click();
  await alice.composer.waitFor();
  for (const person of [bob, carol]) {
    await person.page.getByText('Invites you').first().click();
    await person.page.getByRole('button', { name: 'Accept' }).click();
    await person.composer.waitFor();
  }

  await alice.say('Apples are ripe');
  await bob.message('Apples are ripe').waitFor();
  await bob.say('I bring a ladder');
  await carol.message('I bring a ladder').waitFor();
  await carol.say('I bring baskets');

  for (const person of people) {
    await person.message('I bring baskets').waitFor();
    const texts = ['Apples are ripe', 'I bring a ladder', 'I bring baskets'];
    expect(await person.texts()).toEqual(texts);
  }
  await alice.log
    .getByRole('img', { name: /Read by/ })
    .first()
    .waitFor();
});

test('who is mentioned is told so', async () => {
  const [alice, bob] = people as [Person, Person, Person];
  await bob.page.getByRole('link', { name: 'New conversation' }).first().click();
  await alice.composer.pressSequentially('Look here @bo');
  await alice.page.getByRole('option', { name: /bob@/ }).waitFor();
  await alice.composer.press('Enter');
  await alice.composer.press('Enter');

  await bob.page.getByRole('img', { name: 'You were mentioned' }).waitFor();
  await bob.openRoom('Orchard');
  await bob.message('Look here').getByTitle('bob@chat.example').waitFor();
});

test('the owner gives a role, takes someone out, and the others see it', async () => {
  const [alice, bob, carol] = people as [Person, Person, Person];
  await alice.page.getByRole('link', { name: 'Details' }).first().click();
  const details = alice.page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: /Bob/ }).click();
  await alice.page.getByRole('radio', { name: 'Admin' }).click();
  await bob.log.getByText(/gave .*Bob.* a new role/).waitFor();

  await bob.page.getByRole('link', { name: 'Details' }).first().click();
  await bob.page.getByRole('button', { name: /Carol/ }).click();
  await bob.page.getByRole('button', { name: 'Remove from group' }).click();
  await bob.page.getByRole('button', { name: 'Remove from group' }).click();

  await carol.page.getByText('You are not in this conversation').waitFor();
  await details.getByText('2 members').waitFor();
});

test('who leaves is gone from the list', async () => {
  const [alice, bob] = people as [Person, Person, Person];
  await bob.page.getByRole('button', { name: 'Leave group' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Leave group' }).click();

  await alice.log.getByText(/Bob.* left/).waitFor();
  await until('the room is gone', async () => (await bob.page.getByText('Orchard').count()) === 0);
});
