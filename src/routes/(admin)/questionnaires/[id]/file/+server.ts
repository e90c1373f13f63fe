import { error } from '@sveltejs/kit';
import { canonical } from '#domain/questionnaire.ts';
import { db } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params }) => {
  locals.gate.ask('questionnaire.see');
  const found = await questionnaires.byId(db().main, params.id);
  if (!found) error(404);
  return new Response(canonical(found.content), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${found.key}-${found.version}.json"`,
    },
  });
};
