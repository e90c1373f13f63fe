import { db } from '#server/db.ts';
import * as rounds from '#server/rounds.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('round.see');
  const all = await rounds.list(db().main);
  return {
    mayPlan: locals.gate.may('round.plan'),
    rounds: all.map(({ id, name, state, opensAt, stopsAt, dryRun }) => ({
      id,
      name,
      state,
      opensAt,
      stopsAt,
      dryRun,
    })),
  };
};
