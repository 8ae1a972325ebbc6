import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, type ChatClient, type Pending, type RoomSummary } from '#sdk/node.ts';
import { ScriptedServer } from '../support/scripted_server.ts';
import { until } from '../support/until.ts';

const ME = 'romeo@montague.example';
const HUB = 'capulet.example';
const DEVICE = '0123456789abcdef';

let server: ScriptedServer;
let chat: ChatClient;
let cancelled: number[];

const summary: RoomSummary = {
  ...{ room: 'r', type: 'group', membership: 'joined', name: 'Balcony', hub: HUB },
  ...{ head_seq: 1, read_seq: 1, unread: 0, last_active: 1 },
};

beforeEach(async () => {
  cancelled = [];
  const login = { user: ME, device: DEVICE, token: 't' };
  server = await ScriptedServer.start({
    'account.login': () => login,
    sync: () => ({
      ...{ account_version: 1, contacts: [], gone: [], pending: [] },
      rooms: [{ summary, records: [{ seq: 1, kind: 'create', time: 1 }], from_seq: 1 }],
    }),
    'presence.contacts': () => ({ presence: [] }),
    'presence.watch': () => ({ presence: [] }),
    'message.send': () => ({ seq: 0, time: 5, pending: 7 }),
    'message.cancel': ({ pending }) => {
      cancelled.push(pending);
      return {};
    },
  });
  chat = await connect({ server: server.url, user: 'romeo', password: 'x' });
});

afterEach(async () => {
  await chat.close();
  server.stop();
});

async function sayAndWait(): Promise<{ id: string; pending: Pending }> {
  const id = await chat.send('r', { text: 'far away' });
  await until('it is pending', async () => (await chat.snapshot()).pending.length === 1);
  const { pending, outbox } = await chat.snapshot();
  expect(outbox).toEqual([]);
  const [first] = pending;
  if (!first) throw new Error('nothing is pending');
  return { id, pending: first };
}

const left = async () => (await chat.snapshot()).pending.length;

test('what another server has to take is pending, and then a record', async () => {
  const { id, pending } = await sayAndWait();
  expect(pending).toMatchObject({ number: 7, room: 'r', kind: 'message', client_msg_id: id });

  const content = { text: 'far away' };
  const said = { seq: 2, kind: 'message', sender: ME, device: DEVICE, time: 6, content };
  server.tell('room.record', { room: 'r', record: { ...said, client_msg_id: id } });
  server.tell('account.changed', { account_version: 2, settled: 7 });

  await until('nothing is pending', async () => (await left()) === 0);
  const { records } = await chat.history('r', 'newest', 9);
  expect(records.at(-1)).toMatchObject({ seq: 2, client_msg_id: id });
});

test('what is refused stays until it is taken back', async () => {
  const { pending } = await sayAndWait();
  const refused = { ...pending, refused: 'forbidden' };
  server.tell('account.changed', { account_version: 2, pending: refused });
  await until('it is refused', async () => {
    return (await chat.snapshot()).pending[0]?.refused === 'forbidden';
  });

  await chat.cancelPending(7);

  expect(cancelled).toEqual([7]);
  expect(await left()).toBe(0);
});

test('since when a server can not be reached is told for its rooms', async () => {
  const hubOf = async () => (await chat.snapshot()).rooms[0]?.unreachable_since;
  server.tell('hub.changed', { hub: HUB, unreachable_since: 9 });
  await until('it is away', async () => (await hubOf()) === 9);
  server.tell('hub.changed', { hub: HUB });
  await until('it is back', async () => (await hubOf()) === undefined);
});
