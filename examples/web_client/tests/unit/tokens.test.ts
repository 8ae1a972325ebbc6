import { expect, test } from 'vitest';
import { folded, isOnlyEmoji, mentionsIn, tokens } from '../../app/text/tokens.ts';

const linksIn = (text: string) =>
  [...tokens(text)].flatMap((token) => (token.kind === 'link' ? [token.href] : []));

const whole = (text: string) => [...tokens(text)].map((token) => token.text).join('');

test('addresses become links without the punctuation of their sentence', () => {
  expect(linksIn('See https://a.example/b, or (http://c.example/d_(e)).')).toEqual([
    'https://a.example/b',
    'http://c.example/d_(e)',
  ]);
  expect(linksIn('www.a.example!')).toEqual(['https://www.a.example/']);
});

test('nothing but web addresses becomes a link', () => {
  const others = [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc',
    'vbscript:x',
    'https://',
  ];
  for (const text of others) expect(linksIn(text), text).toEqual([]);
});

test('the text stays whole whatever is in it', () => {
  for (const text of ['', 'a @b https://c.example. d', '<b>&amp;</b>', '@@@', 'https://['])
    expect(whole(text)).toBe(text);
});

test('code is left alone', () => {
  const kinds = (text: string) => [...tokens(text)].map(({ kind, text: shown }) => [kind, shown]);

  expect(kinds('run `https://a.example` now')).toEqual([
    ['text', 'run '],
    ['code', 'https://a.example'],
    ['text', ' now'],
  ]);
  expect(kinds('```js\nlet a;\n```')).toEqual([['block', 'let a;']]);
});

test('only who was mentioned is made out as such', () => {
  const text = 'Hi @bob, and @carol@far.example!';
  const users = (mentions: string[]) =>
    [...tokens(text, mentions)].flatMap((token) => (token.kind === 'mention' ? [token.user] : []));

  expect(users([])).toEqual([]);
  expect(users(['bob@near.example', 'carol@far.example'])).toEqual([
    'bob@near.example',
    'carol@far.example',
  ]);
  expect(mentionsIn(text, ['bob@near.example', 'carol@far.example', 'bo@near.example'])).toEqual([
    'bob@near.example',
    'carol@far.example',
  ]);
});

test('long texts are folded by characters and by lines, never within a character', () => {
  expect(folded('short')).toBeUndefined();
  expect(folded('x'.repeat(801))).toHaveLength(800);
  expect(folded('One. '.repeat(200))?.endsWith('One. One')).toBe(true);
  expect(folded('a\n'.repeat(40))?.split('\n')).toHaveLength(14);
  expect(folded('x'.repeat(799) + '😀'.repeat(9))).toBe('x'.repeat(799));
});

test('up to three emoji alone are shown large', () => {
  for (const text of ['👍', '❤️', '👩‍💻', '🎉🎉🎉', ' 😀 '])
    expect(isOnlyEmoji(text), text).toBe(true);
  for (const text of ['', 'a', '👍 yes', '1', '🎉🎉🎉🎉'])
    expect(isOnlyEmoji(text), text).toBe(false);
});
