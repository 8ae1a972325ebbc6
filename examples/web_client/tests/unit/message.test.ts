import { expect, test } from 'vitest';
import { foldMessages, type LogRecord } from '#sdk';

const record = (seq: number, kind: string, more: Partial<LogRecord> = {}): LogRecord => ({
  seq,
  kind,
  sender: 'romeo@montague.example',
  time: seq,
  ...more,
});

const said = record(1, 'message', { content: { text: 'Hi' } });
const react = (seq: number, sender: string, set: boolean) =>
  record(seq, 'reaction', { sender, target: 1, content: { reaction: '👍', set } });

test('the newest edit is shown, whichever comes first', () => {
  const edits = [
    record(5, 'edit', { target: 1, content: { text: 'third' } }),
    record(3, 'edit', { target: 1, content: { text: 'second' } }),
  ];

  const [message] = foldMessages([said], edits);

  expect(message).toMatchObject({ content: { text: 'third' }, edit: 5 });
});

test('an erased message shows nothing, and takes no edits or reactions any more', () => {
  const later = [
    react(2, 'a@b.c', true),
    record(3, 'redact', { target: 1, content: {} }),
    record(4, 'edit', { target: 1, content: { text: 'no' } }),
    react(5, 'a@b.c', true),
  ];

  const [message] = foldMessages([said], later);

  expect(message?.content).toBeUndefined();
  expect(message?.reactions.size).toBe(0);
});

test('each person has a reaction once, until it is taken back', () => {
  const twice = [react(2, 'a@b.c', true), react(3, 'a@b.c', true), react(4, 'd@e.f', true)];
  const taken = [...twice, react(5, 'a@b.c', false)];

  expect(foldMessages([said], twice)[0]?.reactions.get('👍')).toEqual(['a@b.c', 'd@e.f']);
  expect(foldMessages([said], taken)[0]?.reactions.get('👍')).toEqual(['d@e.f']);
});

test('content that is not what the protocol says is left out', () => {
  const odd = record(1, 'message', {
    content: { text: ['no'], reply_to: 'x', mentions: [1, 'a@b.c'], more: true },
  });

  expect(foldMessages([odd], [])[0]?.content).toEqual({ mentions: ['a@b.c'] });
});
