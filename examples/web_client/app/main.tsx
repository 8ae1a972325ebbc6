import { render } from 'preact';
import './styles/tokens.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/rooms.css';
import './styles/conversation.css';
import './styles/message.css';
import './styles/composer.css';
import './styles/pages.css';
import { startTranslating } from './i18n/translate.ts';
import { chat } from './state/chat.ts';
import { startFollowing } from './state/known.ts';
import { startNotifying } from './state/notify.ts';
import { keepSettings } from './state/settings.ts';
import { followTyping } from './state/typing.ts';
import { startServiceWorker } from './state/update.ts';
import { App } from './views/app.tsx';

keepSettings();
startFollowing();
followTyping();
await startTranslating();
startNotifying();

const root = document.getElementById('app');
if (root) render(<App />, root);

addEventListener('online', () => void chat.tryNow());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void chat.tryNow();
});
startServiceWorker();
