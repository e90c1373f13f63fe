import { error } from '@sveltejs/kit';
import * as agreements from '#server/agreements.ts';
import { db } from '#server/db.ts';
import { open } from '../../open.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate }, params }) => {
  const { plan } = await open(gate, params);
  const agreement = await agreements.find(db().main, plan.id, params.agreement);
  if (!agreement) error(404);
  return { planId: plan.id, agreement };
};
