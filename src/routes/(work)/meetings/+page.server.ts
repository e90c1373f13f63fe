import * as Step from '#domain/step.ts';
import * as courses from '#server/courses.ts';
import { db } from '#server/db.ts';
import type { PageServerLoad } from './$types';
import { hrefOf } from './[round=round]/[unit]/open.ts';

export const load: PageServerLoad = async ({ locals: { gate, now } }) => {
  gate.ask('meeting.list');
  const mine = await courses.mine(db().main, gate, now);
  return {
    courses: mine.map(({ round, unit, steps: taken, overtaken }) => ({
      href: hrefOf(round.id, unit.code),
      unit: unit.name,
      round: round.name,
      next: Step.next(taken),
      overtaken,
    })),
  };
};
