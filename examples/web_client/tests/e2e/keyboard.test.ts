import { expect, test } from 'vitest';
import { PASSWORD } from '../support/daemon.ts';
import { scene } from '../support/scene.ts';

const on = scene('alice', 'bob');

test('keys are enough to log in, find a room, write, correct, answer and delete', async () => {
  const bob = await on.stage.bot('bob');
  const { room } = await bob.call('room.open_direct', { user: 'alice@chat.example' });
  await bob.send(room, { text: 'No mouse today' });
  const alice = await on.stage.person('alice');
  const { keyboard } = alice.page;

  await alice.page.locator('input:focus').waitFor();
  await keyboard.type('alice');
  await keyboard.press('Tab');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await alice.page.getByText('No mouse today').first().waitFor();
  await alice.page.getByRole('searchbox').focus();
  await keyboard.type('bob');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await alice.composer.waitFor();
  await keyboard.type('None at al');
  await keyboard.press('Enter');
  await alice
    .message('None at al')
    .getByRole('img', { name: /Sent|Read/ })
    .waitFor();
  await keyboard.press('ArrowUp');
  await keyboard.type('l');
  await keyboard.press('Enter');
  await alice.message('None at all').getByText('edited').waitFor();

  await keyboard.press('Shift+Tab');
  await alice.page.getByRole('button', { name: 'More actions' }).last().waitFor();
  await keyboard.press('Enter');
  await alice.page.getByRole('menu').waitFor();
  await keyboard.press('ArrowUp');
  await keyboard.press('Enter');
  await keyboard.press('Tab');
  await keyboard.press('Enter');

  await alice.message('Deleted message').waitFor();
  expect(await alice.texts()).toEqual(['No mouse today', 'Deleted message']);
});
