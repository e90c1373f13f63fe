import { type Fault, type LineFault, most, type Standing, standings, type Tally } from '#domain/mandate.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';
import { statusWords } from '#ui/measure-words.ts';

export const standingWords: Record<Standing, () => string> = {
  ...statusWords,
  none: m.mandate_standing_none,
  partly: m.mandate_standing_partly,
};

const counted: Record<Standing, (of: { count: string }) => string> = {
  done: m.mandate_sum_done,
  partly: m.mandate_sum_partly,
  'in-progress': m.mandate_sum_in_progress,
  'on-hold': m.mandate_sum_on_hold,
  'not-started': m.mandate_sum_not_started,
  dropped: m.mandate_sum_dropped,
  none: m.mandate_sum_lacking,
};

/** How a list stands, the furthest first: "Av 13 punkter er 3 gjort, 9 i gang og 1 uten tiltak." */
export function sumSentence(tally: Tally): string {
  const all = standings.reduce((sum, standing) => sum + tally[standing], 0);
  if (all === 0) return m.mandate_sum_none();
  const found = (Object.keys(counted) as Standing[]).filter((standing) => tally[standing] > 0);
  const parts = found.map((standing) => counted[standing]({ count: figures.count(tally[standing]) }));
  const said = { count: figures.count(all), parts: figures.both(parts) };
  return all === 1 ? m.mandate_sum_one(said) : m.mandate_sum(said);
}

/** Where a list comes from: "Kommunestyret, sak 24/25, 12. mars 2025". */
export const originWords = (of: { origin: string; caseNumber: string; decidedOn: string }): string => {
  const said = { origin: of.origin, date: figures.day(of.decidedOn) };
  return of.caseNumber ? m.mandate_about_case({ ...said, number: of.caseNumber }) : m.mandate_about(said);
};

const lines: Record<LineFault, (of: typeof most & { line: number; said: string }) => string> = {
  'no-number': m.mandate_line_no_number,
  'no-text': m.mandate_line_no_text,
  'too-long': m.mandate_line_too_long,
  twice: m.mandate_line_twice,
  'no-parent': m.mandate_line_no_parent,
  'too-deep': m.mandate_line_too_deep,
  'too-many': m.mandate_line_too_many,
};

/** What is wrong at a line of a pasted list. */
export const lineSentence = ({ line, fault, said }: Fault): string => lines[fault]({ ...most, line, said });
