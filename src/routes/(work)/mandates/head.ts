import * as Day from '#domain/day.ts';
import { type Fault, type Head, type HeadRefusal, most } from '#domain/mandate.ts';
import { m } from '#messages';
import * as words from '#ui/mandate-words.ts';

const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

/** What the form says of a list, as typed. */
export const typed = (form: FormData, prefix = ''): Head => ({
  title: text(form, `${prefix}title`),
  origin: text(form, `${prefix}origin`),
  caseNumber: text(form, `${prefix}caseNumber`),
  decidedOn: text(form, `${prefix}decidedOn`),
});

/** The same with its day as it is kept; empty where it is none. */
export const meant = (head: Head): Head => ({ ...head, decidedOn: Day.parse(head.decidedOn) ?? '' });

const sentences: Record<HeadRefusal, [field: keyof Head, () => string]> = {
  title: ['title', () => m.mandate_fault_title(most)],
  origin: ['origin', m.mandate_fault_origin],
  'case-number': ['caseNumber', m.mandate_fault_case],
  'decided-on': ['decidedOn', m.mandate_fault_decided],
};

export const headFaults = (refusals: HeadRefusal[]): Record<string, string> =>
  Object.fromEntries(
    refusals.map((refusal) => [sentences[refusal][0], sentences[refusal][1]()] satisfies [string, string]),
  );

const mostLines = 20;

/** What is wrong in a pasted list: a word at the field, and the lines under it. */
export const lineFaults = (faults: Fault[]): { faults: Record<string, string>; lines: string[] } => ({
  faults: faults.length > 0 ? { points: m.mandate_lines_fault() } : {},
  lines: [
    ...faults.slice(0, mostLines).map(words.lineSentence),
    ...(faults.length > mostLines ? [m.mandate_lines_more({ count: faults.length - mostLines })] : []),
  ],
});
