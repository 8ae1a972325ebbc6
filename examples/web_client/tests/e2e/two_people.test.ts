import { expect, test } from 'vitest';
import { scene } from '../support/scene.ts';
import { PASSWORD } from '../support/daemon.ts';
import { until } from '../support/until.ts';
import type { Person } from '../support/person.ts';

const on = scene('bob');
let alice: Person;
let bob: Person;

test('a newcomer makes an account and begins to talk with someone in another browser', async () => {
  alice = await on.stage.person('alice', { browser: await on.stage.browser() });
  bob = await on.stage.person('bob', { browser: await on.stage.browser() });
  await bob.logIn();
  await alice.page.getByText('chat.example').waitFor();
  await alice.page.getByRole('button', { name: 'Create an account' }).click();
  await alice.page.getByLabel('Username').fill('alice');
  await alice.page.getByLabel('Your name').fill('Alice');
  await alice.page.getByLabel('Password').fill(PASSWORD);
  await alice.page.getByRole('button', { name: 'Create account' }).click();

  await alice.beginDirect('bob');
  await alice.say('Good morning, Bob');
  await bob.openRoom('Alice');
  await bob.message('Good morning, Bob').waitFor();
  await bob.say('Good morning, Alice');

  await alice.message('Good morning, Alice').waitFor();
  expect(await alice.texts()).toEqual(['Good morning, Bob', 'Good morning, Alice']);
  expect(await bob.texts()).toEqual(['Good morning, Bob', 'Good morning, Alice']);
});

test('each sees that the other types, and that they have read', async () => {
  await bob.composer.pressSequentially('I am');
  await alice.page
    .getByRole('banner')
    .or(alice.page.locator('.subtitle'))
    .getByText('typing…')
    .first()
    .waitFor();
  await bob.composer.fill('');

  await alice.say('Are you there?');
  await alice.message('Are you there?').getByRole('img', { name: 'Read' }).waitFor();
});

test('a message is answered, edited, reacted to and deleted', async () => {
  const doWith = async (person: Person, text: string, action: string) => {
    await person.message(text).hover();
    await person.message(text).getByRole('button', { name: 'More actions' }).click();
    await person.page.getByRole('menuitem', { name: action, exact: true }).click();
  };

  await doWith(bob, 'Are you there?', 'Reply');
  await bob.say('Here I am');
  await alice
    .message('Here I am')
    .getByRole('button', { name: /In reply to/ })
    .waitFor();

  await doWith(bob, 'Here I am', 'Edit');
  await bob.say('Here I was');
  await alice.message('Here I was').getByText('edited').waitFor();

  await doWith(alice, 'Here I was', '👍');
  const reaction = bob.message('Here I was').getByRole('button', { name: /👍.*Alice/ });
  await reaction.waitFor();
  await reaction.click();
  await alice.message('Here I was').getByRole('button', { name: /👍/ }).getByText('2').waitFor();

  await doWith(bob, 'Here I was', 'Delete');
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await alice.message('Deleted message').waitFor();
  expect(await alice.message('Here I was').count()).toBe(0);
});

test('what is half written is there again after a reload', async () => {
  await alice.composer.fill('To be cont');
  await alice.page.getByRole('complementary').getByText('Draft:').waitFor();
  await alice.page.reload();

  await until(
    'the draft is back',
    async () => (await alice.composer.inputValue()) === 'To be cont',
  );
  await alice.composer.fill('');
});

test('contacts are asked, accept, and see that the other is there', async () => {
  await alice.page.getByRole('link', { name: 'Contacts' }).click();
  await alice.page.getByRole('button', { name: 'Add contact' }).click();
  await alice.page.getByLabel('Name or address').fill('bob');
  await alice.page.getByRole('dialog').getByRole('button', { name: /bob@/ }).click();
  await bob.page.getByRole('link', { name: 'Contacts, 1 request' }).click();
  await bob.page.getByRole('button', { name: 'Accept' }).click();

  await alice.page
    .getByRole('complementary')
    .getByRole('img', { name: 'Online' })
    .first()
    .waitFor();
  await alice.page.getByRole('main').getByRole('button', { name: /Bob/ }).click();
  await alice.page.locator('.subtitle').getByText('Online').waitFor();
});

test('who is blocked can not write any more, and is not told why', async () => {
  await alice.page.getByRole('link', { name: 'Details' }).first().click();
  await alice.page.getByRole('button', { name: 'Block' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Block' }).click();
  await alice.page.getByText('You have blocked').waitFor();

  await bob.openRoom('Alice');
  await bob.say('Hello?');
  const failed = bob.message('Hello?');
  await failed.getByRole('alert').getByText('You may not do this').waitFor();
  await alice.page.getByRole('button', { name: 'Unblock' }).first().click();
  await alice.composer.waitFor();
  await failed.getByRole('button', { name: 'Try again' }).click();

  await alice.message('Hello?').waitFor();
});

test('a device that is logged out from another one forgets everything', async () => {
  const phone = await on.stage.person('alice');
  await phone.logIn();
  await phone.openRoom('Bob');
  await phone.message('Hello?').waitFor();
  await alice.page.goto(`${on.stage.relay.url}#/settings/devices`);
  await alice.page.getByRole('button', { name: 'Log out' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();

  await phone.page.getByText('This device was logged out').waitFor();
  const left = await phone.page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done) => {
      const opening = indexedDB.open('chatd');
      opening.onsuccess = () => done(opening.result);
    });
    const tx = database.transaction(['records', 'rooms', 'people']);
    const counts = ['records', 'rooms', 'people'].map(
      (name) =>
        new Promise<number>((done) => {
          const counting = tx.objectStore(name).count();
          counting.onsuccess = () => done(counting.result);
        }),
    );
    return Promise.all(counts);
  });
  expect(left).toEqual([0, 0, 0]);
});
