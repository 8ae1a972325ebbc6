import { effect } from '@preact/signals';
import { contentOf, mentions } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from './chat.ts';
import { me, rooms, unreadTotal } from './known.ts';
import { nameOf, titleOf } from './names.ts';
import { go } from './route.ts';

const SHOWN_CHARACTERS = 140;

/** Tells of new messages: in the title, and, where the person allowed it, by the system. */
export function startNotifying(): void {
  effect(() => {
    const count = unreadTotal.value;
    document.title = count > 0 ? `(${count}) ${t('app.name')}` : t('app.name');
  });
  chat.on('records', ({ room: id, records }) => {
    const room = rooms.value.get(id);
    const record = records.findLast(({ kind }) => kind === 'message');
    const user = me.value?.user ?? '';
    const isNew = room && record && record.seq > room.marked && record.sender !== user;
    if (!isNew || document.hasFocus() || !canNotify()) return;
    const sender = nameOf(record.sender ?? '');
    const title = room.type === 'direct' ? sender : `${sender} · ${titleOf(room)}`;
    const body = contentOf(record).text?.slice(0, SHOWN_CHARACTERS) ?? '';
    // One for each room, whichever of the tabs is first; a mention is told of again.
    const shown = new Notification(title, { body, tag: id, silent: !mentions(record, user) });
    shown.addEventListener('click', () => {
      window.focus();
      go({ at: 'room', room: id });
    });
  });
}

export const canNotify = (): boolean =>
  'Notification' in globalThis && Notification.permission === 'granted';
