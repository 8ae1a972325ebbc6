import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { Form } from './controls.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
}

/** The browser's own modal: it keeps the focus inside, and Escape closes it. */
export function Dialog({ title, onClose, children, class: more }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => element.current?.showModal(), []);
  return (
    <dialog
      ref={element}
      class={`dialog ${more ?? ''}`}
      aria-label={title}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) currentTarget.close();
      }}
    >
      <div class="dialog-body">
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface FormDialogProps extends DialogProps {
  onSave: () => Promise<unknown>;
}

/** Something is filled in, and saved or not. */
export function FormDialog({ onSave, children, ...rest }: FormDialogProps): JSX.Element {
  return (
    <Dialog {...rest}>
      <Form onSubmit={onSave}>
        {children}
        <div class="buttons">
          <button type="button" class="button" onClick={rest.onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="button primary">
            {t('action.save')}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

interface Question {
  title: string;
  text: string;
  action: string;
  resolve: (isYes: boolean) => void;
}

const question = signal<Question | undefined>(undefined);

/** Asks before something that can't be undone. */
export function confirm(title: string, text: string, action: string): Promise<boolean> {
  return new Promise((resolve) => (question.value = { title, text, action, resolve }));
}

export function Confirmation(): JSX.Element | null {
  const asked = question.value;
  if (!asked) return null;
  const answer = (isYes: boolean) => {
    question.value = undefined;
    asked.resolve(isYes);
  };
  return (
    <Dialog title={asked.title} onClose={() => answer(false)}>
      <p>{asked.text}</p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => answer(false)}>
          {t('action.cancel')}
        </button>
        <button type="button" class="button danger" onClick={() => answer(true)}>
          {asked.action}
        </button>
      </div>
    </Dialog>
  );
}
