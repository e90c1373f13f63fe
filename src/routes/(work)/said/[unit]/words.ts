import * as Reading from '#domain/reading.ts';
import { m } from '#messages';
import type { MeetingSaid } from '#server/said.ts';
import type { Ahead, Next } from '#server/said-next.ts';
import * as figures from '#ui/figures.ts';
import { effectWords } from '#ui/measure-words.ts';
import * as words from '#ui/result-words.ts';
import { dayWords } from '#ui/day-words.ts';

type Point = MeetingSaid['points'][number];
type Measure = Point['measures'][number];

/** What came of a point, in a sentence or two: its figure in the next round, or when it comes. */
export function changed({ outcome, measured }: Point, next: Next): string[] {
  if (!measured) return [m.said_own()];
  if (next.state === 'ahead') return [ahead(next.ahead)];
  if (next.state === 'unseen') return [m.said_unseen({ day: figures.day(next.from) })];
  if (outcome === null) return [m.said_not_asked({ round: next.round })];
  const { noEarlier, ours } = outcome.row;
  const now = outcome.of === 'factor' ? factor(outcome.row) : words.sentence(outcome.row);
  if (ours === null || noEarlier === null) return [now];
  return [now, then(noEarlier, next.before)];
}

function ahead(when: Ahead): string {
  if (when === null) return m.said_ahead_later();
  if ('open' in when) return m.said_ahead_open();
  return 'day' in when ? m.said_ahead_day({ day: dayWords(when.day) }) : m.said_ahead_year(when);
}

function factor(row: Reading.FactorRow): string {
  if (row.ours === null) return m.common_withheld();
  const said = { now: words.figure(row, row.ours), highest: row.highest };
  const by = Reading.change(row);
  if (by === null || row.earlier === null) return m.said_factor_alone({ now: said.now });
  if (by === 0) return m.said_factor_same(said);
  const then = words.figure(row, row.earlier);
  return by > 0 ? m.said_factor_up({ ...said, then }) : m.said_factor_down({ ...said, then });
}

/** Why nothing of last time stands beside. */
function then(why: Reading.NoEarlier, before: string): string {
  if (why === 'reorganised' || why === 'first') return m.result_reorganised({ round: before });
  return why === 'withheld' ? m.said_then({ what: m.common_withheld() }) : `${words.noEarlier(why)}.`;
}

/** Which measures helped, those that have been asked, by their numbers where there are several. */
export const helped = (measures: Measure[]): string[] =>
  measures.flatMap(({ effect }, i) => {
    if (effect === null) return [];
    const answer = [effectWords[effect.answer](), effect.words].filter(Boolean).join(': ');
    return measures.length > 1 ? m.said_helped_number({ number: i + 1, answer }) : m.said_helped({ answer });
  });
