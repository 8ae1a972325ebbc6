import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, type ChatClient, type Contact } from '#sdk/node.ts';
import { ScriptedServer } from '../support/scripted_server.ts';
import { until } from '../support/until.ts';

const ME = 'romeo@montague.example';
const BENVOLIO = 'benvolio@montague.example';
const JULIET = 'juliet@capulet.example';

let server: ScriptedServer;
let chat: ChatClient;
let names: Map<string, string>;
let asked: string[];
let isSettled: boolean;

beforeEach(async () => {
  names = new Map([[BENVOLIO, 'Benvolio']]);
  asked = [];
  isSettled = false;
  const login = { user: ME, device: '0123456789abcdef', token: 't' };
  server = await ScriptedServer.start({
    'account.login': () => login,
    sync: () => ({ account_version: 1, contacts: [], gone: [], pending: [], rooms: [] }),
    'presence.contacts': () => ({ presence: [] }),
    'presence.watch': () => {
      isSettled = true;
      return { presence: [] };
    },
    'profile.get': ({ user }) => {
      asked.push(user);
      return { user, display_name: names.get(user) ?? 'a local part', status_text: '' };
    },
  });
  chat = await connect({ server: server.url, user: 'romeo', password: 'x' });
  await until('it is in step', () => isSettled);
  await Promise.all([BENVOLIO, JULIET].map((user) => chat.want(user)));
  await until('both were asked for', () => asked.length === 2);
  asked = [];
  names.set(JULIET, 'Juliet Capulet');
});

afterEach(async () => {
  await chat.close();
  server.stop();
});

async function nameOf(user: string): Promise<string | undefined> {
  return (await chat.snapshot()).people.find((person) => person.user === user)?.display_name;
}

const isKnown = async () => (await nameOf(JULIET)) === 'Juliet Capulet';
const CONTACT: Contact = {
  ...{ user: JULIET, display_name: 'juliet', blocked: false, since: 1 },
  state: 'accepted',
};

test('a name is asked for once a connection', async () => {
  await chat.want(BENVOLIO);
  await chat.want(JULIET);
  await chat.watch(undefined);
  await until('she is asked for', () => asked.length > 0);
  expect(asked).toEqual([JULIET]);
});

test('who becomes a contact at another server has a name by then', async () => {
  server.tell('account.changed', { account_version: 2, contact: CONTACT });
  await until('her name is known', isKnown);
});

test('names of another server are asked for when it can be reached again', async () => {
  server.tell('hub.changed', { hub: 'capulet.example' });
  await until('her name is known', isKnown);
});
