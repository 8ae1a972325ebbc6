import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { language, LANGUAGES, type Language } from '../state/settings.ts';

export function LanguageChoice(): JSX.Element {
  const id = useId();
  return (
    <div class="field choice">
      <label for={id}>{t('settings.language')}</label>
      <select
        id={id}
        value={language.value}
        onChange={({ currentTarget }) => (language.value = currentTarget.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
