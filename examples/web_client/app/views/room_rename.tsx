import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { Field } from './controls.tsx';
import { Dialog } from './dialog.tsx';

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
    <Dialog title={t('room.rename')} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Field
          {...{ label: t('room.name'), value: name.value, maxLength: 100 }}
          {...{ isRequired: true, isFocused: true }}
          onInput={(value) => (name.value = value)}
        />
        <Field
          {...{ label: t('room.topic'), value: topic.value, maxLength: 1000 }}
          onInput={(value) => (topic.value = value)}
        />
        <div class="buttons">
          <button type="button" class="button" onClick={onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="button primary">
            {t('action.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
