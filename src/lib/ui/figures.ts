import { shown } from '#domain/reading.ts';
import { getLocale } from '#messages/runtime';

const tags = { nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB', se: 'nb-NO' };
const tag = () => tags[getLocale()];

/** A mean, one decimal, in the reader's language. */
export const mean = (value: number): string =>
  new Intl.NumberFormat(tag(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(shown(value));

export const count = (value: number): string => new Intl.NumberFormat(tag()).format(value);

export const percent = (share: number): string =>
  new Intl.NumberFormat(tag(), { style: 'percent', maximumFractionDigits: 0 }).format(share);

export const day = (at: Date | string): string =>
  new Intl.DateTimeFormat(tag(), { dateStyle: 'long', timeZone: 'Europe/Oslo' }).format(new Date(at));

/** A day where there is little room: "1. mars 2027", "26. nov. 2026". */
export const shortDay = (at: Date | string): string =>
  new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeZone: 'Europe/Oslo' }).format(new Date(at));

/** "one, two or three" */
export const either = (words: string[]): string =>
  new Intl.ListFormat(tag(), { type: 'disjunction' }).format(words);

/** "one, two and three" */
export const both = (words: string[]): string =>
  new Intl.ListFormat(tag(), { type: 'conjunction' }).format(words);
