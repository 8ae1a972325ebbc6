import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { act, actProblem } from '../state/act.ts';
import { chat } from '../state/chat.ts';
import { nameOf } from '../state/names.ts';
import { openDirect } from '../state/open_direct.ts';
import { go, hashOf } from '../state/route.ts';
import { Form, Page, Problem, Toggle } from './controls.tsx';
import { Icon } from './icons.tsx';
import { PersonPicker } from './person_picker.tsx';
import { RoomAbout } from './room_about.tsx';

/** Begins a chat with one person, or a group. */
export function NewRoom(): JSX.Element {
  const isGroup = useSignal(false);
  useEffect(() => {
    actProblem.value = undefined;
  }, []);
  return (
    <Page title={t('rooms.new')} back={hashOf({ at: 'rooms' })} backLabel={t('action.back')}>
      <div class="tabs" role="group" aria-label={t('rooms.new')}>
        <button type="button" aria-pressed={!isGroup.value} onClick={() => (isGroup.value = false)}>
          <Icon name="person" />
          {t('new.direct')}
        </button>
        <button type="button" aria-pressed={isGroup.value} onClick={() => (isGroup.value = true)}>
          <Icon name="people" />
          {t('new.group')}
        </button>
      </div>
      <Problem text={actProblem.value} />
      {isGroup.value ? <NewGroup /> : <PersonPicker onPick={(user) => void openDirect(user)} />}
    </Page>
  );
}

function NewGroup(): JSX.Element {
  const name = useSignal('');
  const topic = useSignal('');
  const isOpen = useSignal(false);
  const invited = useSignal<readonly string[]>([]);
  const create = () =>
    act(async () => {
      const { room } = await chat.call('room.create', {
        name: name.value.trim(),
        ...(topic.value.trim() && { topic: topic.value.trim() }),
        ...(invited.value.length > 0 && { invite: [...invited.value] }),
        join: isOpen.value ? 'open' : 'invite',
        presence: true,
      });
      go({ at: 'room', room });
    });
  return (
    <Form onSubmit={create}>
      <RoomAbout name={name} topic={topic} />
      <Toggle
        label={t('room.isOpen')}
        isOn={isOpen.value}
        onChange={(isOn) => (isOpen.value = isOn)}
      />
      <Chosen
        users={invited.value}
        onDrop={(user) => (invited.value = without(invited.value, user))}
      />
      <PersonPicker
        without={invited.value}
        onPick={(user) => (invited.value = [...invited.value, user])}
      />
      <button type="submit" class="button primary" disabled={name.value.trim() === ''}>
        {t('new.create')}
      </button>
    </Form>
  );
}

const without = (users: readonly string[], user: string): string[] =>
  users.filter((one) => one !== user);

interface ChosenProps {
  users: readonly string[];
  onDrop: (user: string) => void;
}

function Chosen({ users, onDrop }: ChosenProps): JSX.Element | null {
  if (users.length === 0) return null;
  return (
    <ul class="chosen" aria-label={t('new.invited')}>
      {users.map((user) => (
        <li key={user}>
          <bdi>{nameOf(user)}</bdi>
          <button
            type="button"
            aria-label={t('new.drop', { name: nameOf(user) })}
            onClick={() => onDrop(user)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
