import { effect, signal } from '@preact/signals';
import { language, type Language } from '../state/settings.ts';
import { en } from './en.ts';

/** A sentence, or one for each plural form of the language. */
type Sentence = string | { other: string; [form: string]: string };
export type Key = keyof typeof en;
export type Dictionary = { [name in Key]: Sentence };

const loaders: { [name in Language]: () => Promise<Dictionary> } = {
  en: () => Promise.resolve(en),
  ar: async () => (await import('./ar.ts')).ar,
};

const dictionary = signal<Dictionary>(en);
/** The language whose words are there; `language` is the one that is wanted. */
export const locale = signal<Language>('en');

export const isRightToLeft = (): boolean => locale.value === 'ar';

// Names keep their own direction within a sentence of the other one (Unicode's isolates).
const isolate = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString(locale.value) : `\u2068${value}\u2069`;

/** The sentence in the person's language; `count` chooses its plural form. */
export function t(key: Key, values: { [name: string]: string | number } = {}): string {
  const sentence = dictionary.value[key];
  const { count } = values;
  const text =
    typeof sentence === 'string'
      ? sentence
      : ((typeof count === 'number'
          ? sentence[new Intl.PluralRules(locale.value).select(count)]
          : undefined) ?? sentence.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : isolate(value);
  });
}

/** Resolves once the words are there. */
export function startTranslating(): Promise<void> {
  return new Promise((resolve) => {
    effect(() => {
      const wanted = language.value;
      void loaders[wanted]().then((words) => {
        if (wanted !== language.peek()) return;
        dictionary.value = words;
        locale.value = wanted;
        document.documentElement.lang = wanted;
        document.documentElement.dir = isRightToLeft() ? 'rtl' : 'ltr';
        resolve();
      });
    });
  });
}
