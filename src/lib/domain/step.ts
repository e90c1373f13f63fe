import * as Day from '#domain/day.ts';
import * as Holiday from '#domain/holiday.ts';
import { fromOslo } from '#domain/oslo.ts';

/** The five steps from a result to a plan, in order (domain.md section 4). */
export const steps = ['received', 'prepared', 'presented', 'agreed', 'planned'] as const;
export type Step = (typeof steps)[number];

/**
 * Days after the release by which a step is due. The two meetings are design section 4's defaults (28 and 56 days);
 * receiving, preparing and the plan are placed around them.
 */
const daysUntil: Record<Step, number> = {
  received: 7,
  prepared: 21,
  presented: 28,
  agreed: 56,
  planned: 70,
};

/** A step as a unit stands to it: the day it is due and the day it was done (ISO days). */
export type StepState = { step: Step; dueOn: string; doneOn: string | null; overdue: boolean };

/** The day each step is due after a release (ISO days): on a day when people are at their desks, each after the one before. */
export function dueDays(releasedOn: string): Record<Step, string> {
  let before = releasedOn;
  const days = steps.map((step) => {
    before = Holiday.actBy(Day.plus(releasedOn, daysUntil[step]), before);
    return [step, before];
  });
  return Object.fromEntries(days) as Record<Step, string>;
}

/** The five steps of a unit after a release, in order. A step is overdue from the day after its day. */
export function course(releasedAt: Date, done: Partial<Record<Step, Date>>, now: Date): StepState[] {
  const released = Day.at(releasedAt);
  const today = Day.at(now);
  const due = dueDays(released);
  return steps.map((step) => {
    const at = done[step];
    const dueOn = due[step];
    return {
      step,
      dueOn,
      doneOn: at ? Day.at(at) : null,
      overdue: !at && !isPassed(step, done.presented) && today > dueOn,
    };
  });
}

/** Whoever has presented the result has read it and was ready: nobody is asked for that afterwards. */
const isPassed = (step: Step, presented: unknown) =>
  Boolean(presented) && (step === 'received' || step === 'prepared');

/** The first step that is still to be done; null when none is. */
export function next(course: StepState[]): StepState | null {
  const presented = course.find(({ step }) => step === 'presented')?.doneOn;
  return course.find(({ step, doneOn }) => doneOn === null && !isPassed(step, presented)) ?? null;
}

export type PresentRefusal =
  /** No day; a day before the release; a day that has not come. */
  | 'day'
  | 'early'
  | 'late'
  /** Not a number from 1 to 9,999. */
  | 'took-part';

/** A sitting that was held without phones: the day and how many took part, as written. Refuses by field, in order. */
export function presented(
  written: { day: string; tookPart: string },
  releasedAt: Date,
  now: Date,
): { ok: true; heldAt: Date; tookPart: number } | { ok: false; refusals: PresentRefusal[] } {
  const on = Day.parse(written.day.trim());
  const wrongDay: PresentRefusal | null =
    on === null ? 'day' : on < Day.at(releasedAt) ? 'early' : on > Day.at(now) ? 'late' : null;
  const wrongCount: PresentRefusal | null = /^[1-9]\d{0,3}$/.test(written.tookPart.trim())
    ? null
    : 'took-part';
  if (on === null || wrongDay || wrongCount)
    return { ok: false, refusals: [wrongDay, wrongCount].filter((one) => one !== null) };
  const midday = fromOslo(`${on}T12:00`)!;
  const heldAt = new Date(Math.max(releasedAt.getTime(), Math.min(midday.getTime(), now.getTime())));
  return { ok: true, heldAt, tookPart: Number(written.tookPart.trim()) };
}
