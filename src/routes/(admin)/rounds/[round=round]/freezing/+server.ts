import { redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { freeze } from '#server/freezing.ts';
import * as holders from '#server/holders.ts';
import * as rounds from '#server/rounds.ts';
import type { RequestHandler } from './$types';

/** Freezes, and hands out the closing key's file in the reply: the only time it is anywhere. With witnesses there is none. */
export const POST: RequestHandler = async ({ locals, params }) => {
  const { main, box } = db();
  const held = holders.subject(await rounds.find(main, params.round));
  const permit = locals.gate.ask('round.freeze', held);
  const frozen = await freeze(main, box, params.round, locals.now, permit);
  if (!frozen.ok) redirect(303, `/rounds/${params.round}?refused=${frozen.refusal}`);
  if (!frozen.keyFile) redirect(303, `/rounds/${params.round}`);
  return new Response(frozen.keyFile, {
    headers: {
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="medvirk-nokkel-${params.round}.json"`,
    },
  });
};
