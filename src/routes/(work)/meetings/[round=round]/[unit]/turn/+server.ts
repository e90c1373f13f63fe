import { error, json } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as releases from '#server/releases.ts';
import type { RequestHandler } from './$types';

/** What the wall and the leader's page ask for every other second: whether the meeting has moved on. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const { main } = db();
  const place = await releases.placeOf(main, locals.gate, params.round, params.unit);
  if (!place || place.head.withdrawnAt) error(404);
  const of = await meetings.ofCode(main, params.round, params.unit);
  if (!of) return json({ turn: 0, stage: 'waiting', joined: 0, sent: 0 });
  const { marked } = await meetings.standing(main, of);
  return json({ turn: of.turn, stage: of.stage, joined: of.joined, sent: marked });
};
