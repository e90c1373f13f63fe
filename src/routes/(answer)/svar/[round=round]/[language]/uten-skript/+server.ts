import { error } from '@sveltejs/kit';
import * as codePage from '#server/code-page.ts';
import { reply } from '#server/code-sheet.ts';
import { db } from '#server/db.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  locals.gate.ask('public');
  const of = (await codePage.read(db().main, params.round, params.language)) ?? error(404);
  return reply(of, { view: 'code', code: '', wrong: false });
};
