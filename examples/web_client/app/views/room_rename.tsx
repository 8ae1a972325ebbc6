import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { FormDialog } from './dialog.tsx';
import { RoomAbout } from './room_about.tsx';

/** Changes what a room is called and what it is about. */
export function RoomRename({ room }: { room: Room }): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="button" onClick={() => (isOpen.value = true)}>
        {t('room.rename')}
      </button>
      {isOpen.value && <RenameDialog room={room} onClose={() => (isOpen.value = false)} />}
    </>
  );
}

function RenameDialog({ room, onClose }: { room: Room; onClose: () => void }): JSX.Element {
  const name = useSignal(room.name);
  const topic = useSignal(room.topic);
  async function submit(): Promise<void> {
    const change = {
      ...(name.value.trim() !== room.name && { name: name.value.trim() }),
      ...(topic.value.trim() !== room.topic && { topic: topic.value.trim() }),
    };
    const isSame = Object.keys(change).length === 0;
    if (!isSame) await act(() => chat.call('room.set', { room: room.room, ...change }));
    onClose();
  }
  return (
    <FormDialog title={t('room.rename')} onSave={submit} onClose={onClose}>
      <RoomAbout name={name} topic={topic} />
    </FormDialog>
  );
}
