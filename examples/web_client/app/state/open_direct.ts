import { act } from './act.ts';
import { chat } from './chat.ts';
import { rooms } from './known.ts';
import { go } from './route.ts';

/** Opens the 1:1 room with someone; it is there from before, or made now. */
export async function openDirect(user: string): Promise<void> {
  const known = [...rooms.value.values()].find(({ peer }) => peer === user);
  if (known) return go({ at: 'room', room: known.room });
  await act(async () => {
    const { room } = await chat.call('room.open_direct', { user });
    go({ at: 'room', room });
  });
}
