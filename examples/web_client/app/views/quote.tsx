import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { contentOf, type LogRecord } from '#sdk';
import { t } from '../i18n/translate.ts';
import { chat } from '../state/chat.ts';
import { Name } from './avatar.tsx';

const SHOWN_CHARACTERS = 200;

interface QuoteProps {
  room: string;
  seq: number;
  onOpen: (seq: number) => void;
}

/** The message that is answered, in short; leads to it. */
export function Quote({ room, seq, onOpen }: QuoteProps): JSX.Element {
  const record = useSignal<LogRecord | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    chat.record(room, seq).then(
      (found) => {
        if (isWanted) record.value = found;
      },
      () => undefined, // not on this device, and no network
    );
    return () => (isWanted = false);
  }, [room, seq]);
  const { value: found } = record;
  const text = found && !found.erased ? contentOf(found).text : undefined;
  return (
    <button type="button" class="quote" onClick={() => onOpen(seq)}>
      <span class="hidden">{t('message.inReplyTo')}</span>
      <span class="quote-sender">
        {found?.sender === undefined ? '\u00a0' : <Name user={found.sender} />}
      </span>
      <span class="quote-text" dir="auto">
        {text?.slice(0, SHOWN_CHARACTERS) ??
          t(found?.erased ? 'message.erased' : 'message.original')}
      </span>
    </button>
  );
}
