import { error } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate }, params }) => {
  const of = (await evaluations.find(db().main, gate, params.round, params.unit)) ?? error(404);
  return {
    round: { id: of.round.id, name: of.round.name },
    unit: { code: of.unit.code, name: of.unit.name },
    leader: of.leader,
  };
};
