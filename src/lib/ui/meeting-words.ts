import type { Stage } from '#domain/meeting.ts';
import type { Kind } from '#domain/point.ts';
import { text, type Text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';

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
