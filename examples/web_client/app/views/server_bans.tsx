import type { JSX } from 'preact';
import type { Room } from '#sdk';
import { t } from '../i18n/translate.ts';
import { act } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { isElsewhere, serverOf } from '../state/names.ts';
import { mayManage } from '../state/roles.ts';
import { confirm } from './dialog.tsx';

const set = (room: Room, server: string, banned: boolean): Promise<boolean> =>
  act(() => chat.call('room.ban_server', { room: room.room, server, banned }));

interface BanServerProps {
  room: Room;
  user: string;
  onClose: () => void;
}

/** Takes all people of someone's server out; not of the room's own, nor of ours. */
export function BanServer({ room, user, onClose }: BanServerProps): JSX.Element | null {
  const server = serverOf(user);
  if (!mayManage(room) || !isElsewhere(user) || server === room.hub) return null;
  const title = t('server.ban', { server });
  const ban = async () => {
    onClose();
    if (await confirm(title, t('server.banText', { server }), t('member.ban')))
      await set(room, server, true);
  };
  return (
    <button type="button" class="button danger" onClick={() => void ban()}>
      {title}
    </button>
  );
}

/** The servers whose people are kept out of a room. */
export function BannedServers({ room }: { room: Room }): JSX.Element | null {
  const { banned_servers: servers = [] } = room;
  if (!mayManage(room) || servers.length === 0) return null;
  return (
    <section class="section">
      <h3>{t('server.banned')}</h3>
      <ul class="people">
        {servers.map((server) => (
          <li key={server} class="banned-server">
            <bdi>{server}</bdi>
            <button type="button" class="button" onClick={() => void set(room, server, false)}>
              {t('member.unban')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
