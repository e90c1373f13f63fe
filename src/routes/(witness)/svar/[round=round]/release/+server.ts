import { json } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { propose } from '#server/proposals.ts';
import { idsOf } from '#server/witnesses.ts';
import type { RequestHandler } from './$types';

const status = { 'wrong-state': 409, form: 400, other: 400, receipts: 409, audit: 422, time: 422 };

/** Takes the release that a witness has built from the opened ballots (docs/ballot-protocol.md). The answers never come here. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { main, box } = db();
  const permit = locals.gate.ask('witness.act', { witnesses: await idsOf(main, params.round) });
  const kept = await propose(main, box, params.round, await request.text(), locals.now, permit);
  return kept.ok
    ? json({ sha256: kept.sha256 })
    : json({ refusal: kept.refusal }, { status: status[kept.refusal] });
};
