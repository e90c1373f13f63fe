import type { ReportState } from '#domain/follow-up.ts';
import { m } from '#messages';
import { shortDay } from '#ui/figures.ts';

const periods = {
  t1: m.follow_up_report_t1,
  t2: m.follow_up_report_t2,
  annual: m.follow_up_report_annual,
};

/** A unit's newest report: which, and whether it was handed in. */
export function reportWords(report: ReportState | null): string {
  if (!report) return m.follow_up_report_none();
  const { period, year, handedOn, late } = report;
  const name = (periods[period as keyof typeof periods] ?? periods.annual)({ year });
  const state = handedOn
    ? m.follow_up_handed({ day: shortDay(handedOn) })
    : late
      ? m.follow_up_late()
      : m.follow_up_handing();
  return `${name}, ${state}`;
}
