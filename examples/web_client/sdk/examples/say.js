// Says one thing to one person, exactly once.
// node say.js https://chat.example alice "her password" bob@chat.example "Good morning"
import { connect } from 'chatd-sdk/node';

const [server, user, password, peer, text] = process.argv.slice(2);
const chat = await connect({ server, user, password, deviceName: 'say' });
const { room } = await chat.call('room.open_direct', { user: peer });

const id = await chat.send(room, { text });
await new Promise((sent) => {
  chat.on('outbox', ({ gone }) => gone.includes(id) && sent());
});
console.log('it is on the disk of the server');
await chat.logout();
