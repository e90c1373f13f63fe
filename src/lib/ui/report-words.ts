import {
  dueOn,
  type Figures,
  isLate,
  type Kind,
  type Part,
  type Period,
  type Place,
} from '#domain/report.ts';
import type { Told } from '#domain/report.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';
import { effectWords, statusWords } from '#ui/measure-words.ts';

export const kindWords: Record<Kind, () => string> = {
  t1: m.report_t1,
  t2: m.report_t2,
  annual: m.report_annual,
};

/** "1. tertial 2026" */
export const periodWords = ({ year, period }: Period): string =>
  m.report_period({ kind: kindWords[period](), year });

export const partWords: Record<Part, () => string> = {
  over: m.report_part_over,
  late: m.report_part_late,
  changed: m.report_part_changed,
  fresh: m.report_part_fresh,
  still: m.report_part_still,
};

/** When a report was handed in, or by when it is to be. */
export function whenWords(of: Period & { handedOn: string | null }, now: Date): string {
  if (of.handedOn !== null) return m.report_handed_on({ date: figures.day(of.handedOn) });
  const date = figures.day(dueOn(of));
  return isLate(of, now) ? m.report_late({ date }) : m.report_due({ date });
}

const counted = { done: m.report_sum_done, dropped: m.report_sum_dropped, fresh: m.report_sum_fresh };

/** "I perioden: 2 gjort og 3 lagt til. Åpne ved slutten: 5, av dem 1 over fristen." together: with those of the units below. */
export function sumSentence(of: Figures, together = false): string {
  if (of.all === 0) return m.report_sum_none();
  const parts = (['done', 'dropped', 'fresh'] as const)
    .filter((key) => of[key] > 0)
    .map((key) => counted[key]({ count: figures.count(of[key]) }));
  const happened = parts.length > 0 ? [m.report_sum_period({ parts: figures.both(parts) })] : [];
  const open = figures.count(of.open);
  const end =
    of.late > 0 ? m.report_sum_end_late({ open, late: figures.count(of.late) }) : m.report_sum_end({ open });
  const sum = [...happened, end].join(' ');
  return together ? m.report_sum_together({ sum }) : sum;
}

const plans = { business: m.report_business, ia: m.report_ia, hms: m.report_hms };

/** Where a measure stands: "Forbedre: Trygg på at noen kommer". */
export function placeWords(place: Place): string {
  switch (place.in) {
    case 'point':
      return place.kind === 'keep' ? m.report_keep(place) : m.report_improve(place);
    case 'goal':
      return plans[place.plan](place);
    case 'item':
      return m.report_mandate(place);
  }
}

export function changeSentence({ on, status, sentence, by }: Told['changes'][number]): string {
  const said = { date: figures.day(on), status: statusWords[status](), sentence };
  return by === null ? m.report_change(said) : m.report_change_by({ ...said, by });
}

export const effectSentence = ({ answer, words }: NonNullable<Told['effect']>): string =>
  words
    ? m.report_helped_words({ answer: effectWords[answer](), words })
    : m.report_helped({ answer: effectWords[answer]() });

/** Who a report goes to: the leader above and their unit, or at the top the politicians. */
export const toWords = (to: { unit: string; leader: string | null } | null): string => {
  if (to === null) return m.report_politicians();
  return to.leader === null ? to.unit : m.report_to({ leader: to.leader, unit: to.unit });
};

/** Names in a sentence, of many only the first few: "Nord, Sør og 12 til". */
export function fewNames(names: string[]): string {
  const few = 5;
  const more = names.length - few;
  if (more <= 1) return figures.both(names);
  return figures.both([...names.slice(0, few), m.report_more({ count: figures.count(more) })]);
}
