import { text } from '#domain/questionnaire.ts';
import {
  agreeing,
  inTen,
  moved,
  type FactorRow,
  type NoEarlier,
  type StatementRow,
} from '#domain/reading.ts';
import type { FactorFigure } from '#domain/release.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import * as figures from '#ui/figures.ts';

/** A factor's figure in words; a bound is an end of the scale less 0.2 (design section 4). */
export function figure(row: Pick<FactorRow, 'lowest' | 'highest'>, of: FactorFigure | null): string {
  if (of === null) return m.common_withheld();
  if ('mean' in of) return figures.mean(of.mean);
  return of.bound === 'high'
    ? m.result_bound_high({ value: figures.mean(row.highest - 0.2) })
    : m.result_bound_low({ value: figures.mean(row.lowest + 0.2) });
}

const reasons = {
  first: () => '–',
  withheld: m.common_withheld,
  'not-asked': m.result_not_asked,
  wording: m.result_wording,
  reorganised: () => '–',
} satisfies Record<NoEarlier, () => string>;
export const noEarlier = (why: NoEarlier): string => reasons[why]();

const words = {
  nobody: m.result_in_ten_nobody,
  few: m.result_in_ten_few,
  'nearly-all': m.result_in_ten_nearly,
  all: m.result_in_ten_all,
};

/** "7 of 10 agree, up from 6." */
export function sentence(row: StatementRow): string {
  if (row.agree === null) return m.common_withheld();
  const share = inTen(row.agree);
  const who = typeof share === 'number' ? m.result_in_ten({ tenths: share }) : words[share]();
  const said = row.agreement
    ? m.result_agree({ who })
    : m.result_answer({
        who,
        words: figures.either(agreeing(row.points).map((p) => `«${text(p.text, getLocale())}»`)),
      });
  if (row.earlierAgree === null) return m.result_moved_none({ sentence: said });
  const { way, from } = moved(row.agree, row.earlierAgree);
  if (way === 'up') return m.result_moved_up({ sentence: said, tenths: from });
  if (way === 'down') return m.result_moved_down({ sentence: said, tenths: from });
  return m.result_moved_same({ sentence: said });
}
