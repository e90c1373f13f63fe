import { text } from '#domain/questionnaire.ts';
import {
  agreeing,
  inTen,
  moved,
  type FactorRow,
  type Notice,
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

type Counts = { above: number; below: number; level: number };

const reasons = {
  first: () => '–',
  withheld: m.common_withheld,
  'not-asked': m.result_not_asked,
  wording: m.result_wording,
  reorganised: () => '–',
} satisfies Record<NoEarlier, () => string>;
export const noEarlier = (why: NoEarlier): string => reasons[why]();

/** How a result's factors stand beside those of a level above; null when none can be compared. */
export function beside({ above, below, level }: Counts, other: string): string | null {
  const compared = above + below + level;
  const count = figures.count(compared);
  if (compared === 0) return null;
  if (compared > 1 && above === compared) return m.result_factors_all_higher({ count, other });
  if (compared > 1 && below === compared) return m.result_factors_all_lower({ count, other });
  if (compared > 1 && level === compared) return m.result_factors_all_level({ count, other });
  const parts = figures.both([
    ...(above ? [m.result_factors_higher({ count: figures.count(above) })] : []),
    ...(below ? [m.result_factors_lower({ count: figures.count(below) })] : []),
    ...(level ? [m.result_factors_level({ count: figures.count(level) })] : []),
  ]);
  return m.result_factors_beside({ count, other, parts });
}

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
  if (row.noEarlier === 'wording')
    return m.result_moved_wording({ sentence: m.result_moved_none({ sentence: said }) });
  if (row.earlierAgree === null) return m.result_moved_none({ sentence: said });
  const { way, from } = moved(row.agree, row.earlierAgree);
  if (way === 'up') return m.result_moved_up({ sentence: said, tenths: from });
  if (way === 'down') return m.result_moved_down({ sentence: said, tenths: from });
  return m.result_moved_same({ sentence: said });
}

/** One thing to notice, in a sentence. above: the name of the level above. */
export function noticed(notice: Notice, above: string | null): string {
  const factor = text(notice.row.title, getLocale());
  if (!('now' in notice)) {
    const now = figure(notice.row, notice.row.ours);
    return notice.what === 'highest' ? m.result_highest({ factor, now }) : m.result_lowest({ factor, now });
  }
  const [now, then, other] = [figures.mean(notice.now), figures.mean(notice.then), above ?? ''];
  const sentences = {
    up: () => m.result_up({ factor, now, then }),
    down: () => m.result_down({ factor, now, then }),
    above: () => m.result_above({ factor, now, then, other }),
    below: () => m.result_below({ factor, now, then, other }),
  };
  return sentences[notice.what]();
}

const talks = {
  highest: m.result_highest_talk,
  lowest: m.result_lowest_talk,
  up: m.result_up_talk,
  down: m.result_down_talk,
  above: m.result_above_talk,
  below: m.result_below_talk,
};
/** What to talk about when that is noticed. */
export const talk = (notice: Notice): string => talks[notice.what]();
