import { error } from '@sveltejs/kit';
import * as codePage from '#server/code-page.ts';
import { reply } from '#server/code-sheet.ts';
import { db } from '#server/db.ts';
import * as guesses from '#server/guesses.ts';
import * as requestBody from '#server/request-body.ts';
import type { RequestHandler } from './$types';

/**
 * The whole of an answer in one request, in memory (docs/decisions/codes.md). The language is for the reply alone; `to` and
 * `edition-to` ask for the same page in another one.
 */
export const POST: RequestHandler = async ({ params, request, locals, getClientAddress }) => {
  locals.gate.ask('public');
  const { main, intake } = db();
  const form = (await requestBody.form(request)) ?? error(413);
  const to = form.get('to');
  const language = String(to ?? form.get('language') ?? 'nb');
  const of = (await codePage.read(main, params.round, language)) ?? error(404);
  const words = codePage.typed(of, form);
  if (to !== null || form.has('edition-to')) return reply(of, codePage.turn(words));
  const view = await codePage.take(main, intake, of, words, locals.now);
  if (!codePage.isWrong(view)) return reply(of, view);
  const waited = await guesses.wrong(getClientAddress());
  return reply(of, view, waited ? 400 : 429);
};
