import { error } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as letters from '#server/letters.ts';
import * as rounds from '#server/rounds.ts';
import { saved } from '#server/spreadsheet.ts';
import type { RequestHandler } from './$types';
import { paperOf } from '../codes/paper.ts';

/** The poster of a frozen round, in the reader's language. It holds nothing that is not public. */
export const GET: RequestHandler = async ({ locals, params }) => {
  locals.gate.ask('round.see');
  const found = await rounds.find(db().main, params.round);
  if (!found?.fingerprint || !found.tree) error(404);
  const file = await letters.poster(await paperOf(found, locals.locale));
  return new Response(Buffer.from(file), { headers: saved(`oppslag-${found.id}.pdf`, 'application/pdf') });
};
