import type { Effects, ReportState, Summary } from '#domain/follow-up.ts';
import { m } from '#messages';
import { shortDay } from '#ui/figures.ts';
import { periodWords } from '#ui/report-words.ts';

/** A unit's newest report: which, and whether it was handed in. */
export function reportWords(report: ReportState | null): string {
  if (!report) return m.follow_up_report_none();
  const { handedOn, late } = report;
  const state = handedOn
    ? m.follow_up_handed({ day: shortDay(handedOn) })
    : late
      ? m.follow_up_late()
      : m.follow_up_handing();
  return `${periodWords(report)}, ${state}`;
}

/** For how many finished measures a unit has said whether they helped. */
export const effectsWords = (of: Effects): string =>
  of.finished === 0 ? m.follow_up_helped_none() : m.follow_up_helped_of(of);

/** How far the units have come, in one sentence. */
export function progressWords({
  units,
  stuck,
  agreed,
}: Pick<Summary, 'units' | 'stuck'> & { agreed: number }) {
  if (units === 1) {
    if (stuck > 0) return m.follow_up_one_over();
    return agreed > 0 ? m.follow_up_one_agreed() : m.follow_up_one_ahead();
  }
  return stuck > 0
    ? m.follow_up_message({ agreed, units, stuck })
    : m.follow_up_message_none({ agreed, units });
}
