import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from './icons.tsx';

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  class?: string;
  isDisabled?: boolean;
}

export function IconButton(props: IconButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      aria-label={props.label}
      title={props.label}
      disabled={props.isDisabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: 'password';
  autocomplete?: string;
  hint?: string;
  maxLength?: number;
  isRequired?: boolean;
  isFocused?: boolean;
  /** Ids and the like: no capitals, no corrections. */
  isCode?: boolean;
}

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const type = props.type === 'password' ? ({ type: 'password' } as const) : {};
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        dir="auto"
        {...type}
        value={props.value}
        required={props.isRequired ?? false}
        autofocus={props.isFocused ?? false}
        autocomplete={props.autocomplete ?? 'off'}
        maxLength={props.maxLength ?? 256}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        {...(props.isCode && { autocapitalize: 'none', spellcheck: false })}
        onInput={({ currentTarget }) => props.onInput(currentTarget.value)}
      />
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

type PasswordFieldProps = Pick<FieldProps, 'label' | 'value' | 'onInput' | 'isFocused'> & {
  /** Whether the browser may offer one that it keeps, or make one up. */
  isNew?: boolean;
};

export function PasswordField({ isNew, ...rest }: PasswordFieldProps): JSX.Element {
  return (
    <Field
      {...rest}
      type="password"
      isRequired
      maxLength={1024}
      autocomplete={isNew ? 'new-password' : 'current-password'}
    />
  );
}

interface FormProps {
  onSubmit: () => Promise<unknown>;
  class?: string;
  children: ComponentChildren;
}

export function Form({ onSubmit, class: more, children }: FormProps): JSX.Element {
  return (
    <form
      class={`form ${more ?? ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}

interface ToggleProps {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}

export function Toggle({ label, isOn, onChange, isDisabled }: ToggleProps): JSX.Element {
  return (
    <label class="toggle">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={isOn}
        disabled={isDisabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    </label>
  );
}

/** Said at once by screen readers. */
export function Problem({ text }: { text: string | undefined }): JSX.Element {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}

interface PageProps {
  title: string;
  back: string;
  backLabel: string;
  children: ComponentChildren;
}

/** A page beside the list of rooms. */
export function Page({ title, back, backLabel, children }: PageProps): JSX.Element {
  return (
    <main class="page" aria-label={title}>
      <header class="bar">
        <a class="icon-button only-narrow" href={back} aria-label={backLabel}>
          <Icon name="back" />
        </a>
        <h1>{title}</h1>
      </header>
      <div class="page-body">{children}</div>
    </main>
  );
}
