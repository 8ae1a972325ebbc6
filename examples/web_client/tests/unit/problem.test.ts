import { expect, test, vi } from 'vitest';
import { ofPending } from '../../app/state/unsaid.ts';

test('why a plugin refused something is told in its words', async () => {
  vi.stubGlobal('navigator', { languages: ['en'] });
  const { problem } = await import('../../app/text/problem.ts');
  const refused = ofPending({
    number: 1,
    room: 'room',
    kind: 'message',
    device: '0000000000000000',
    content: {},
    since: 0,
    refused: 'denied',
    reason: 'keep that to yourselves',
  });
  expect(problem(refused.error)).toBe('keep that to yourselves');
  expect(problem({ code: 'denied' })).toBe('The server refused this.');
  expect(problem({ code: 'not_found', message: 'nowhere' })).not.toBe('nowhere');
});
