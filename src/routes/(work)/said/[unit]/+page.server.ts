import { error } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as said from '#server/said.ts';
import type { PageServerLoad } from './$types';

/** round= of the address: that meeting alone in sight, and on paper; anything else as if not there. */
export const load: PageServerLoad = async ({ params, url, locals: { gate, now } }) => {
  const found = await said.ofUnit(db().main, gate, params.unit, now);
  if (!found) error(404);
  const { unit, newest, older } = found;
  const all = [...newest, ...older];
  const wanted = all.find(({ round }) => round.id === url.searchParams.get('round'));
  return {
    unit,
    sight: wanted ? [wanted] : newest,
    behind: wanted ? all.filter((one) => one !== wanted) : older,
  };
};
