import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { hashOf } from '../state/route.ts';
import { Icon } from './icons.tsx';

/** What is beside the list while no room is open. */
export function Welcome(): JSX.Element {
  return (
    <main class="welcome" aria-label={t('welcome.title')}>
      <img src="./icon.svg" alt="" width="72" height="72" />
      <h1>{t('welcome.title')}</h1>
      <p>{t('welcome.text')}</p>
      <a class="button primary" href={hashOf({ at: 'new' })}>
        <Icon name="plus" />
        {t('rooms.new')}
      </a>
    </main>
  );
}
