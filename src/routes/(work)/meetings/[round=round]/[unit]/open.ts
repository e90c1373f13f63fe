import { error } from '@sveltejs/kit';
import type { Action } from '#domain/access.ts';
import * as courses from '#server/courses.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as releases from '#server/releases.ts';
import * as steps from '#server/steps.ts';

type Params = { round: string; unit: string };

/** A unit's way after a round, for those who may see it, or the same "not found" for all others. */
export async function open(gate: Gate, params: Params, now: Date) {
  const { main } = db();
  const opened = await releases.ofUnit(main, gate, params.round, params.unit);
  if (!opened) error(404);
  const course = (await courses.ofUnit(main, params.round, params.unit, now)) ?? error(404);
  const taken = await steps.taken(main, course.round.id, course.unit.id);
  const subject = { ...releases.subject(opened.head, opened.path), presentedAt: taken.presented?.at };
  gate.ask('meeting.see', subject);
  return {
    course,
    taken,
    opened,
    subject,
    href: hrefOf(params.round, params.unit),
    may: { lead: gate.may('meeting.lead', subject), confirm: gate.may('meeting.confirm', subject) },
  };
}

/** The same for an action, with the permit it takes. */
export async function openFor<A extends Action>(gate: Gate, action: A, params: Params, now: Date) {
  const found = await open(gate, params, now);
  return { ...found, permit: gate.ask(action, found.subject) };
}

export const hrefOf = (round: string, unit: string) => `/meetings/${round}/${encodeURIComponent(unit)}`;
export const resultOf = (round: string, unit: string) => `/results/${round}/${encodeURIComponent(unit)}`;
