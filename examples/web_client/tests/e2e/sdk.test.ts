import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, foldMessages, type ChatClient, type LogRecord } from '#sdk/node.ts';
import { Daemon, PASSWORD } from '../support/daemon.ts';
import { until } from '../support/until.ts';

let daemon: Daemon;
const children: ChildProcess[] = [];
const chats: ChatClient[] = [];

beforeAll(async () => {
  daemon = await Daemon.start();
  daemon.account('alice', 'Alice');
  daemon.account('bob', 'Bob');
  daemon.account('parrot', 'Parrot');
});

afterAll(async () => {
  await Promise.all(chats.map((chat) => chat.close()));
  for (const child of children) child.kill();
  await daemon.stop();
});

async function enter(user: string): Promise<ChatClient> {
  const chat = await connect({ server: daemon.url, user, password: PASSWORD });
  chats.push(chat);
  return chat;
}

/** Runs one of the examples; gives what it prints. */
function example(name: string, ...words: string[]): { said: () => string; ended: Promise<number> } {
  let said = '';
  const child = spawn('node', [`sdk/examples/${name}`, daemon.url, ...words]);
  children.push(child);
  child.stdout.on('data', (bytes) => (said += String(bytes)));
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  return { said: () => said, ended: new Promise((done) => child.once('exit', done)) };
}

async function textsOf(chat: ChatClient, room: string): Promise<(string | undefined)[]> {
  const { records, annotations } = await chat.history(room, 'newest', 500);
  return foldMessages(records, annotations).map(({ content }) => content?.text);
}

test('a bot of twenty lines answers whoever invites it', async () => {
  const bot = example('echo_bot.js', 'parrot', PASSWORD);
  await until('the bot is ready', () => bot.said().includes('ready'));
  const alice = await enter('alice');

  const { room } = await alice.call('room.create', {
    name: 'Aviary',
    invite: ['parrot@chat.example'],
  });
  await until('the bot came', async () => {
    const { members } = await alice.call('room.get', { room });
    return members.every(({ membership }) => membership === 'joined');
  });
  await alice.send(room, { text: 'Hello' });

  await until('the answer is there', async () => (await textsOf(alice, room)).length === 2);
  expect(await textsOf(alice, room)).toEqual(['Hello', 'Hello']);
});

test('the other examples do what they say', async () => {
  const alice = await enter('alice');
  const said = example('say.js', 'alice', PASSWORD, 'bob@chat.example', 'Good morning');
  expect(await said.ended, said.said()).toBe(0);
  const exported = example('export_room.js', 'alice', PASSWORD, 'Aviary');
  expect(await exported.ended, exported.said()).toBe(0);

  expect(exported.said()).toMatch(/alice@chat.example Hello\n.*parrot@chat.example Hello\n/);
  const { room } = await alice.call('room.open_direct', { user: 'bob@chat.example' });
  await until('she sees it', async () => (await textsOf(alice, room)).includes('Good morning'));
});

test('what is said while the server is killed three times arrives once and in order', async () => {
  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
  const { room } = await alice.call('room.open_direct', { user: 'bob@chat.example' });
  const texts = Array.from({ length: 60 }, (_, index) => `number ${index}`);
  const heard: LogRecord[] = [];
  bob.on('records', (event) => heard.push(...event.records));

  for (const [index, text] of texts.entries()) {
    await alice.send(room, { text });
    if (index % 20 === 10) {
      await daemon.kill();
      await daemon.run();
      await Promise.all([alice.tryNow(), bob.tryNow()]);
    }
  }

  const numbers = () =>
    heard.flatMap(({ content }) => {
      const text = String(content?.['text']);
      return text.startsWith('number') ? [text] : [];
    });
  await until('all are there', () => numbers().length >= texts.length);
  expect(numbers()).toEqual(texts);
});
