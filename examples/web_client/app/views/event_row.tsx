import type { JSX } from 'preact';
import type { LogRecord } from '#sdk';
import { t } from '../i18n/translate.ts';
import { nameOf } from '../state/names.ts';
import type { EventRow } from '../state/rows.ts';
import { UnsaidLine } from './unsaid_line.tsx';

interface MemberContent {
  user?: string;
  membership?: string;
  role?: string;
}

function memberLine(record: LogRecord): string {
  const { user = '', membership, role } = (record.content ?? {}) as MemberContent;
  const values = { name: nameOf(user), by: nameOf(record.sender ?? user) };
  const isSelf = record.sender === undefined || record.sender === user;
  switch (membership) {
    case 'invited':
      return t('event.invited', values);
    case 'joined':
      if (isSelf) return t('event.joined', values);
      return role === 'member' ? t('event.nowMember', values) : t('event.promoted', values);
    case 'left':
    case 'none':
      return t(isSelf ? 'event.left' : 'event.removed', values);
    case 'banned':
      return t('event.banned', values);
    default:
      return '';
  }
}

function metaLine(record: LogRecord): string {
  const content = (record.content ?? {}) as { name?: string; topic?: string };
  const by = nameOf(record.sender ?? '');
  if (content.name !== undefined) return t('event.named', { by, name: content.name });
  if (content.topic !== undefined) return t('event.topic', { by });
  return t('event.rules', { by });
}

function serverLine(record: LogRecord): string {
  const { server = '', banned } = (record.content ?? {}) as { server?: string; banned?: boolean };
  const values = { by: nameOf(record.sender ?? ''), server };
  return t(banned ? 'event.serverBanned' : 'event.serverUnbanned', values);
}

function lineOf(record: LogRecord): string {
  switch (record.kind) {
    case 'create':
      return t('event.created', { name: nameOf(record.sender ?? '') });
    case 'meta':
      return metaLine(record);
    case 'hub_move':
      return t('event.moved', {
        server: (record.content as { to?: string } | undefined)?.to ?? '',
      });
    case 'server':
      return serverLine(record);
    default:
      return memberLine(record);
  }
}

interface EventRowProps extends EventRow {
  rowKey: string;
  hub: string | undefined;
}

/** Someone came, went or changed the room, or is about to. */
export function EventRowView({ record, unsaid, rowKey, hub }: EventRowProps): JSX.Element {
  const text = lineOf(record);
  return (
    <div class="event" data-key={rowKey}>
      <p>{text}</p>
      {unsaid && <UnsaidLine unsaid={unsaid} hub={hub} />}
    </div>
  );
}
