import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { me } from '../state/known.ts';
import { nameOf } from '../state/names.ts';
import { folded, isOnlyEmoji, tokens, type Token } from '../text/tokens.ts';

function TokenView({ token }: { token: Token }): JSX.Element {
  switch (token.kind) {
    case 'text':
      return <>{token.text}</>;
    case 'code':
      return <code>{token.text}</code>;
    case 'block':
      return (
        <pre dir="ltr">
          <code>{token.text}</code>
        </pre>
      );
    case 'link':
      return (
        <a href={token.href} title={token.href} target="_blank" rel="noopener noreferrer nofollow">
          <bdi>{token.text}</bdi>
        </a>
      );
    case 'mention':
      return (
        <span class={`mention ${token.user === me.value?.user ? 'is-me' : ''}`} title={token.user}>
          <bdi>@{nameOf(token.user)}</bdi>
        </span>
      );
  }
}

/** What someone wrote: always as text, with links, mentions and code made out; long ones folded. */
export function MessageText(props: { text: string; mentions?: readonly string[] }): JSX.Element {
  const isOpen = useSignal(false);
  const start = folded(props.text);
  const shown = start === undefined || isOpen.value ? props.text : `${start}…`;
  return (
    <>
      <div class={`text ${isOnlyEmoji(props.text) ? 'is-emoji' : ''}`} dir="auto">
        {[...tokens(shown, props.mentions)].map((token, index) => (
          <TokenView key={index} token={token} />
        ))}
      </div>
      {start !== undefined && (
        <button
          type="button"
          class="link"
          aria-expanded={isOpen.value}
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {t(isOpen.value ? 'message.less' : 'message.more')}
        </button>
      )}
    </>
  );
}
