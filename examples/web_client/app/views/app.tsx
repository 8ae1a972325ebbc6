import type { JSX } from 'preact';
import { isLoaded, me } from '../state/known.ts';
import { route } from '../state/route.ts';
import { Banner } from './banner.tsx';
import { Contacts } from './contacts.tsx';
import { Conversation } from './conversation.tsx';
import { Devices } from './devices.tsx';
import { Confirmation } from './dialog.tsx';
import { Entrance } from './entrance.tsx';
import { Failsafe } from './failsafe.tsx';
import { NewRoom } from './new_room.tsx';
import { Settings } from './settings.tsx';
import { Sidebar } from './sidebar.tsx';
import { Welcome } from './welcome.tsx';

function Main(): JSX.Element {
  const now = route.value;
  switch (now.at) {
    case 'room':
      return <Conversation key={now.room} id={now.room} route={now} />;
    case 'contacts':
      return <Contacts />;
    case 'new':
      return <NewRoom />;
    case 'settings':
      return now.page === 'devices' ? <Devices /> : <Settings />;
    case 'rooms':
      return <Welcome />;
  }
}

export function App(): JSX.Element | null {
  if (!isLoaded.value) return null;
  if (!me.value) return <Entrance />;
  const { value: now } = route;
  return (
    <div class="app" data-at={now.at}>
      <Banner />
      <Sidebar />
      <Failsafe key={now.at === 'room' ? now.room : now.at}>
        <Main />
      </Failsafe>
      <Confirmation />
    </div>
  );
}
