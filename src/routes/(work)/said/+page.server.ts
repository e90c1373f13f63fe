import { db } from '#server/db.ts';
import * as said from '#server/said.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now } }) => ({
  units: await said.list(db().main, gate, now),
});
