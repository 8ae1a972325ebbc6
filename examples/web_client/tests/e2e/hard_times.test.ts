import { expect, test } from 'vitest';
import { scene } from '../support/scene.ts';
import { until } from '../support/until.ts';
import type { Person } from '../support/person.ts';

const on = scene('alice', 'bob');
let alice: Person;
let bob: Person;
const said: string[] = [];

/** Says something, and remembers that it was said. */
async function say(person: Person, text: string): Promise<void> {
  said.push(text);
  await person.say(text);
}

async function allAgree(): Promise<void> {
  for (const person of [alice, bob])
    await until(
      `${person.name} sees all`,
      async () => (await person.texts()).length >= said.length,
    );
  expect(await alice.texts()).toEqual(said);
  expect(await bob.texts()).toEqual(said);
}

test('after a reload in the middle of a talk all is there, once and in order', async () => {
  [alice, bob] = (await on.stage.loggedIn('alice', 'bob')) as [Person, Person];
  await alice.beginDirect('bob');
  await say(alice, 'one');
  await bob.openRoom('Alice');
  await say(alice, 'two');
  await alice.page.reload();
  await alice.composer.waitFor();
  await bob.message('two').waitFor();
  await say(bob, 'three');
  await alice.message('three').waitFor();
  await say(alice, 'four');

  await allAgree();
});

test('what is said while the server is killed and started again arrives once', async () => {
  await say(alice, 'before');
  await alice.composer.pressSequentially('half a sen');
  await on.stage.daemon.kill();
  await alice.composer.pressSequentially('tence');
  said.push('half a sentence');
  await alice.composer.press('Enter');
  await alice.message('half a sentence').getByRole('img', { name: 'Waiting' }).waitFor();
  await on.stage.daemon.run();
  await say(bob, 'after');

  for (const person of [alice, bob])
    await until('all arrived', async () => (await person.texts()).length >= said.length);
  await alice
    .message('half a sentence')
    .getByRole('img', { name: /Sent|Read/ })
    .waitFor();
  expect([...(await alice.texts())].sort()).toEqual([...said].sort());
  expect(await bob.texts()).toEqual(await alice.texts());
  said.splice(0, said.length, ...(await alice.texts()));
});

test('without a network the page opens, can be read, and keeps what is written', async () => {
  await on.stage.relay.cut();
  await alice.page.getByText('No connection').waitFor();
  for (const text of ['offline one', 'offline two', 'offline three']) await say(alice, text);
  await alice.page.reload();
  await alice.message('before').waitFor();
  expect(await alice.texts()).toEqual(said);
  await alice.message('offline three').getByRole('img', { name: 'Waiting' }).waitFor();
  await say(alice, 'offline four');

  console.log(`cached start without a network: ${await startTime(alice)} ms to the list of rooms`);

  await on.stage.relay.mend();
  await Promise.all([alice.networkIsBack(), bob.networkIsBack()]);
  await alice
    .message('offline four')
    .getByRole('img', { name: /Sent|Read/ })
    .waitFor();

  await allAgree();
});

test('two tabs share one connection and show the same', async () => {
  const before = await connections();
  const page = await alice.openTab();
  await page.goto(alice.page.url());
  const texts = () => page.getByRole('log').locator('.bubble > .text').allInnerTexts();
  await until('the tab shows all', async () => (await texts()).length >= said.length);
  expect(await connections()).toBe(before);

  await page.bringToFront();
  await page.getByRole('textbox', { name: /^Message to/ }).fill('from the second tab');
  await page.getByRole('textbox', { name: /^Message to/ }).press('Enter');
  said.push('from the second tab');
  await alice.message('from the second tab').waitFor();
  await page.close();
  await say(alice, 'from the first tab');

  await allAgree();
});

test('where there are no shared workers the tabs still share, whichever is closed', async () => {
  const carol = await on.stage.person('alice');
  await carol.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await carol.page.reload();
  await carol.logIn();
  await carol.openRoom('Bob');
  const before = await connections();
  const second = await carol.openTab();
  await second.goto(carol.page.url());
  await second.getByRole('log').getByText('from the first tab').waitFor();
  expect(await connections()).toBe(before);

  await carol.page.close();
  carol.page = second;
  await second.bringToFront();
  await until('the other tab has taken over', async () => {
    await second.getByRole('log').getByText('from the first tab').waitFor();
    return (await connections()) === before;
  });
  await say(carol, 'from the tab that is left');

  await allAgree();
});

/** Closes all tabs and opens one: how long until the rooms can be seen. */
async function startTime(person: Person): Promise<number> {
  const { context, page } = person;
  const url = page.url();
  await page.close();
  person.page = await context.newPage();
  await person.page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('.rooms .room')) return;
      observer.disconnect();
      Object.assign(globalThis, { shownAfter: performance.now() });
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await person.page.goto(url);
  await person.message('before').waitFor();
  return person.page.evaluate(() =>
    Math.round((globalThis as unknown as { shownAfter: number }).shownAfter),
  );
}

async function connections(): Promise<number> {
  const text = await (await fetch(`${on.stage.daemon.url}/metrics`)).text();
  return Number(/^chatd_sessions (\d+)/m.exec(text)?.[1]);
}
