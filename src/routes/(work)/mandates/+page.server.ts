import { db } from '#server/db.ts';
import * as mandates from '#server/mandates.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate } }) => {
  gate.ask('mandate.see');
  return { mayChange: gate.may('mandate.change'), mandates: await mandates.list(db().main) };
};
