import { effect, signal } from '@preact/signals';

export const LANGUAGES = { en: 'English', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;
export type Theme = 'auto' | 'light' | 'dark';

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // forbidden by the person
  }
};

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds until the tab is closed.
  }
}

const savedTheme = read('theme');
export const theme = signal<Theme>(
  savedTheme === 'light' || savedTheme === 'dark' ? savedTheme : 'auto',
);

const wanted = [read('language'), ...navigator.languages.map((tag) => tag.split('-')[0])];
const first = wanted.find((tag): tag is Language => tag != null && Object.hasOwn(LANGUAGES, tag));
export const language = signal<Language>(first ?? 'en');

export function keepSettings(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    write('theme', theme.value);
  });
  effect(() => write('language', language.value));
}
