import { error } from '@sveltejs/kit';
import * as codePage from '#server/code-page.ts';
import { db } from '#server/db.ts';
import * as guesses from '#server/guesses.ts';
import type { RequestHandler } from './$types';

const reply = (of: Parameters<typeof codePage.render>[0], view: codePage.View, status = 200) =>
  new Response(codePage.render(of, view), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': codePage.policy,
      // Without an origin on the form it would be refused as forged; the address holds no secret.
      'referrer-policy': 'same-origin',
    },
  });

export const GET: RequestHandler = async ({ params, locals }) => {
  locals.gate.ask('public');
  const of = (await codePage.read(db().main, params.round, params.language)) ?? error(404);
  return reply(of, { view: 'code', code: '', wrong: false });
};

/** The whole of an answer in one request, in memory (docs/decisions/codes.md). */
export const POST: RequestHandler = async ({ params, request, locals, getClientAddress }) => {
  locals.gate.ask('public');
  const { main, intake } = db();
  const of = (await codePage.read(main, params.round, params.language)) ?? error(404);
  const words = codePage.typed(of, await request.formData());
  const view = await codePage.take(main, intake, of, words, locals.now);
  if (!codePage.isWrong(view)) return reply(of, view);
  const waited = await guesses.wrong(getClientAddress());
  return reply(of, view, waited ? 400 : 429);
};
