// A bot that joins every room it is invited to and says again what is said there.
// node echo_bot.js https://chat.example parrot "its password"
import { connect } from 'chatd-sdk/node';

const [server, user, password] = process.argv.slice(2);
const chat = await connect({ server, user, password });
const { me, rooms } = await chat.snapshot();

const join = ({ room, membership }) => membership === 'invited' && chat.call('room.join', { room });
rooms.forEach(join);
chat.on('rooms', ({ changed }) => changed.forEach(join));

chat.on('records', ({ room, records }) => {
  for (const { kind, sender, content } of records) {
    if (kind === 'message' && sender !== me.user && content?.text)
      void chat.send(room, { text: content.text });
  }
});
console.log('ready');
