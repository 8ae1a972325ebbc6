import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { t } from '../i18n/translate.ts';
import { Field } from './controls.tsx';

interface RoomAboutProps {
  name: Signal<string>;
  topic: Signal<string>;
}

/** Where one writes what a group is called and what it is about. */
export function RoomAbout({ name, topic }: RoomAboutProps): JSX.Element {
  return (
    <>
      <Field
        {...{ label: t('room.name'), value: name.value, maxLength: 100 }}
        {...{ isRequired: true, isFocused: true }}
        onInput={(value) => (name.value = value)}
      />
      <Field
        {...{ label: t('room.topic'), value: topic.value, maxLength: 1000 }}
        onInput={(value) => (topic.value = value)}
      />
    </>
  );
}
