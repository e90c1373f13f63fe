import * as Day from '#domain/day.ts';
import type { Field, Refusal, Written } from '#domain/measure.ts';
import { m } from '#messages';

/** The form as it was typed. */
export type Typed = Record<Field, string>;

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

export const typed = (form: FormData): Typed => ({
  title: text(form, 'title'),
  expected: text(form, 'expected'),
  ownerId: text(form, 'ownerId'),
  ownerRole: text(form, 'ownerRole'),
  startsOn: text(form, 'startsOn'),
  dueOn: text(form, 'dueOn'),
});

/** What was typed as the domain reads it; a day that is none is no day. */
export const writtenOf = (said: Typed): Written => ({
  title: said.title,
  expected: said.expected,
  ownerId: said.ownerId || null,
  ownerRole: said.ownerRole || null,
  startsOn: Day.parse(said.startsOn.trim()) ?? '',
  dueOn: Day.parse(said.dueOn.trim()) ?? '',
});

const words: Record<Refusal | 'unknown-owner', [field: Field, sentence: () => string]> = {
  title: ['title', m.measure_fault_title],
  expected: ['expected', m.measure_fault_expected],
  owner: ['ownerId', m.measure_fault_owner],
  'unknown-owner': ['ownerId', m.measure_fault_unknown_owner],
  starts: ['startsOn', m.measure_fault_starts],
  due: ['dueOn', m.measure_fault_due],
  order: ['dueOn', m.measure_fault_order],
};

/** What is wrong, by the field it is about. */
export const faultsOf = (refusals: (Refusal | 'unknown-owner')[]): Record<string, string> =>
  Object.fromEntries(refusals.map((refusal) => [words[refusal][0], words[refusal][1]()]));
