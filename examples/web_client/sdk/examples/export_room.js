// Prints a room as people see it: with the newest edits, without what was erased.
// node export_room.js https://chat.example alice "her password" "name of the room"
import { connect, foldMessages } from 'chatd-sdk/node';

const [server, user, password, name] = process.argv.slice(2);
const chat = await connect({ server, user, password, deviceName: 'export' });
const { rooms } = await chat.snapshot();
const { room } = rooms.find((one) => one.name === name);

// From the end to the beginning, so that all edits are known when a message is reached.
let page = await chat.history(room, 'newest', 500);
const records = page.records;
while (page.hasBefore) {
  page = await chat.history(room, { before: records[0].seq }, 500);
  records.unshift(...page.records);
}
for (const { time, sender, content } of foldMessages(records, records))
  if (content?.text) console.log(new Date(time).toISOString(), sender, content.text);
await chat.logout();
