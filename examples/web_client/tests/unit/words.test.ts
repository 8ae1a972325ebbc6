import { expect, test } from 'vitest';
import { ar } from '../../app/i18n/ar.ts';
import { en } from '../../app/i18n/en.ts';

const formsOf = (sentence: string | object): string[] =>
  typeof sentence === 'string' ? [sentence] : Object.values(sentence as { [form: string]: string });

const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

test('both languages have the same places to fill in', () => {
  for (const [key, sentence] of Object.entries(en)) {
    const wanted = new Set(formsOf(sentence).flatMap(placesIn));
    for (const form of formsOf(ar[key as keyof typeof en])) {
      // A form for one or two needs no number.
      const places = new Set([...placesIn(form), ...(wanted.has('count') ? ['count'] : [])]);
      expect(places, key).toEqual(wanted);
    }
  }
});

test('each plural of Arabic has its form or the general one', () => {
  const rules = new Intl.PluralRules('ar').resolvedOptions().pluralCategories;
  for (const sentence of Object.values(ar)) {
    if (typeof sentence === 'string') continue;
    for (const form of Object.keys(sentence)) expect(rules).toContain(form);
  }
});
