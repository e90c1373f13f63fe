import { json } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as votes from '#server/votes.ts';
import { cookieOf } from '../../ticket.ts';
import type { RequestHandler } from './$types';

/** What a phone asks for every other second: whether the meeting has moved on. Nothing: it has, to its end. */
export const GET: RequestHandler = async ({ locals, params, cookies }) => {
  locals.gate.ask('public');
  const ticket = await votes.admit(db().main, params.code, cookieOf(cookies));
  if (!ticket) return json({ turn: null });
  const { turn, stage, joined, meetingId } = ticket.room;
  return json({ turn, stage, joined, sent: await votes.marked(db().main, meetingId) });
};
