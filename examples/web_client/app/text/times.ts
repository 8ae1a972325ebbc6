import { signal } from '@preact/signals';
import { locale, t } from '../i18n/translate.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Moves once a minute, for what says how long ago something was. */
export const minute = signal(Date.now());
setInterval(() => (minute.value = Date.now()), MINUTE_MS);

// The person's own kind of the language: clocks of 24 hours in Britain, of 12 in America.
const region = (): string =>
  navigator.languages.find((tag) => tag.split('-')[0] === locale.value) ?? locale.value;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(time: number, name: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale.value} ${name}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(region(), options);
  formats.set(key, made);
  return made.format(time);
}

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
const daysAgo = (time: number): number =>
  Math.round((startOfDay(minute.value) - startOfDay(time)) / DAY_MS);

export const isSameDay = (a: number, b: number): boolean => startOfDay(a) === startOfDay(b);

export const clock = (time: number): string => format(time, 'clock', { timeStyle: 'short' });

export const full = (time: number): string =>
  format(time, 'full', { dateStyle: 'full', timeStyle: 'short' });

/** A day as a separator says it: Today, Yesterday, Monday, 3 March. */
export function day(time: number): string {
  const days = daysAgo(time);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  if (days > 1 && days < 7) return format(time, 'weekday', { weekday: 'long' });
  const isThisYear = new Date(time).getFullYear() === new Date(minute.value).getFullYear();
  return isThisYear
    ? format(time, 'day', { day: 'numeric', month: 'long' })
    : format(time, 'date', { dateStyle: 'long' });
}

/** As short as a list has room for. */
export function short(time: number): string {
  const days = daysAgo(time);
  if (days <= 0) return clock(time);
  if (days < 7) return format(time, 'short weekday', { weekday: 'short' });
  return format(time, 'short', { dateStyle: 'short' });
}

/** A moment as a sentence names it: 14:05, with its day unless that is today. */
export function moment(time: number): string {
  if (isSameDay(time, minute.value)) return clock(time);
  return format(time, 'moment', { dateStyle: 'medium', timeStyle: 'short' });
}

/** How long ago: 5 minutes ago, yesterday. */
export function ago(time: number): string {
  const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  const minutes = Math.max(0, Math.round((minute.value - time) / MINUTE_MS));
  if (minutes < 1) return t('time.now');
  if (minutes < 60) return relative.format(-minutes, 'minute');
  if (minutes < 60 * 24) return relative.format(-Math.round(minutes / 60), 'hour');
  return relative.format(-daysAgo(time), 'day');
}
