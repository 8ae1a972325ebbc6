import { MsgIds, type ChatClient } from '#sdk/node.ts';

const AT_ONCE = 32;

/** Says many things at once: the server takes them in the order in which they are sent. */
export async function fill(
  chat: ChatClient,
  room: string,
  count: number,
  textOf: (index: number) => string,
): Promise<void> {
  const ids = new MsgIds();
  for (let start = 0; start < count; start += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - start) }, (_, i) => start + i);
    await Promise.all(
      indexes.map((index) =>
        chat.call('message.send', {
          room,
          client_msg_id: ids.next(),
          content: { text: textOf(index) },
        }),
      ),
    );
  }
}
