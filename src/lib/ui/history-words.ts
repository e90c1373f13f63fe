import type { Why } from '#domain/history.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';

const reasons: Record<Why, (said: { round: string }) => string> = {
  new: m.history_new,
  split: m.history_split,
  outside: m.history_outside,
  mixed: m.history_mixed,
  inexact: m.history_inexact,
};

/** Which round a result is compared with, what its earlier figures are added up from, or why it has none. */
export function history(of: { from: string[] } | { why: Why } | null, round: string): string {
  if (of === null) return m.result_earlier({ round });
  return 'why' in of ? reasons[of.why]({ round }) : m.history_from({ round, units: figures.both(of.from) });
}
