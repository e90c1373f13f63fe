import { error } from '@sveltejs/kit';
import { fewestVoters } from '#domain/meeting.ts';
import { text } from '#domain/questionnaire.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as minutes from '#server/minutes.ts';
import { open } from '../open.ts';

/** What a unit's minutes say, for those who see its result; not found before there is a meeting. */
export async function read(gate: Gate, params: { round: string; unit: string }, now: Date, language: string) {
  const { course, taken, href } = await open(gate, params, now);
  const found = await minutes.ofUnit(db().main, course.round.id, course.unit.id, now);
  if (!found) error(404);
  return {
    ...found,
    unit: course.unit.name,
    round: course.round.name,
    href,
    now,
    fewestVoters,
    agreedBy: taken.agreed?.by ?? null,
    tallies: found.tallies.map((one) => ({ ...one, title: text(one.title, language) })),
  };
}

export type View = Awaited<ReturnType<typeof read>>;
