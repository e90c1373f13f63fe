import { redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as sessions from '#server/sessions.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ cookies, locals, url }) => {
  locals.gate.ask('public');
  const { name, options } = sessions.cookie(url);
  const token = cookies.get(name);
  if (token) await sessions.end(db().main, token);
  cookies.delete(name, options);
  redirect(303, '/sign-in');
};
