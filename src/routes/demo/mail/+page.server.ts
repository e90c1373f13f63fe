import { error } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import { mailbox, smsBox } from '#server/postman.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('public');
  if (!(await house.read(db().main)).demo) error(404);
  const texts = smsBox.kept.map((one) => ({ ...one, subject: null }));
  return { messages: [...mailbox.kept, ...texts].sort((a, b) => b.at.getTime() - a.at.getTime()) };
};
