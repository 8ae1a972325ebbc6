import { t, type Key } from '../i18n/translate.ts';
import { en } from '../i18n/en.ts';

/** What went wrong, in the person's words where there are some, else in the server's. */
export function problem(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return t('error.internal');
  // Why, a plugin of the server knows alone.
  if (code === 'denied' && typeof message === 'string' && message !== '') return message;
  const key = `error.${code}`;
  return Object.hasOwn(en, key) ? t(key as Key) : String(message);
}
