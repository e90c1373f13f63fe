import type { Stage } from '#domain/meeting.ts';
import type { Kind } from '#domain/point.ts';
import { text, type Text } from '#domain/questionnaire.ts';
import type { FactorRow, StatementRow } from '#domain/reading.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import { figure, sentence } from '#ui/result-words.ts';

/** The two questions of the meeting. */
export const questionWords: Record<Kind, () => string> = {
  keep: m.meeting_live_keep,
  improve: m.meeting_live_improve,
};

/** What a meeting is doing. */
export const stageWords: Record<Stage, () => string> = {
  waiting: m.meeting_live_waiting,
  alone: m.meeting_live_alone,
  together: m.meeting_live_together,
  voting: m.meeting_live_voting,
  ended: m.meeting_live_ended,
};

/** In the order of the alphabet, which says nothing of who proposed what, or when. */
export const byTitle = <T extends { title: Text }>(some: T[]): T[] =>
  [...some].sort((a, b) => text(a.title, getLocale()).localeCompare(text(b.title, getLocale()), getLocale()));

/** The figures that a meeting has in sight; null: none. */
export type InSight = { factors: FactorRow[]; statements: StatementRow[] } | null;

/** The figure behind what a meeting may choose, in staff-room words, by offer key: what is chosen is chosen with it in sight. */
export const figureWords = (reading: InSight): Map<string, string> =>
  new Map([
    ...(reading?.factors ?? []).map((row): [string, string] => [
      `factor:${row.id}`,
      m.vote_factor({ figure: figure(row, row.ours), highest: row.highest }),
    ]),
    ...(reading?.statements ?? []).map((row): [string, string] => [`statement:${row.id}`, sentence(row)]),
  ]);
