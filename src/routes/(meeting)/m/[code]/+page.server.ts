import { type Cookies, fail, redirect } from '@sveltejs/kit';
import * as Meeting from '#domain/meeting.ts';
import { kinds } from '#domain/point.ts';
import { m } from '#messages';
import * as candidates from '#server/candidates.ts';
import { db } from '#server/db.ts';
import * as votes from '#server/votes.ts';
import { cookieOf, letIn } from '../ticket.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, cookies }) => {
  locals.gate.ask('public');
  const code = Meeting.readCode(params.code);
  if (code !== null && code !== params.code) redirect(308, `/m/${code}`);
  const { main } = db();
  const ticket = code === null ? null : await votes.admit(main, code, cookieOf(cookies));
  if (!ticket) return await withoutTicket(code, cookies);

  const { room } = ticket;
  const of = { unit: room.unit, code: room.code, turn: room.turn, joined: room.joined };
  switch (room.stage) {
    case 'alone': {
      if (await votes.has(main, ticket, 'proposal')) return { at: 'proposed' as const, ...of };
      const { reading, offers } = await candidates.table(main, room);
      return { at: 'alone' as const, ...of, reading, offers };
    }
    case 'together':
      return { at: 'together' as const, ...of, ...(await proposed(room)) };
    case 'voting': {
      const sent = await votes.marked(main, room.meetingId);
      if (await votes.has(main, ticket, 'vote')) return { at: 'voted' as const, ...of, sent };
      return { at: 'voting' as const, ...of, ...(await proposed(room)) };
    }
    default:
      return { at: 'waiting' as const, ...of };
  }
};

/** What the room has put forward, with the figures it is seen beside. */
const proposed = async (room: candidates.Place) => ({
  reading: await candidates.reading(db().main, room),
  candidates: await candidates.list(db().main, room.meetingId),
});

/** A phone that has not joined, or whose meeting has ended. */
async function withoutTicket(code: string | null, cookies: Cookies) {
  const { main } = db();
  const ended = await votes.endedMeeting(main, cookieOf(cookies));
  if (ended)
    return { at: 'ended' as const, unit: ended.unit, turn: null, result: await votes.result(main, ended.id) };
  const room = code === null ? null : await votes.enter(main, code);
  return room
    ? { at: 'join' as const, unit: room.unit, code: room.code, turn: null }
    : { at: 'unknown' as const, turn: null };
}

const proposalWords: Record<votes.SendRefusal, () => string> = {
  nothing: m.vote_refused_nothing,
  keeps: m.vote_refused_keeps,
  improves: m.vote_refused_improves,
  unknown: m.vote_refused_unknown,
  stage: m.vote_refused_proposal_late,
  already: m.vote_refused_proposed,
};
const voteWords = { ...proposalWords, stage: m.vote_refused_vote_late, already: m.vote_refused_voted };

/** What a phone marked goes where it belongs; whatever is refused is said, and the marks stay. */
const sending =
  (send: typeof votes.vote, words: Record<votes.SendRefusal, () => string>): Actions[string] =>
  async ({ locals, params, request, cookies }) => {
    locals.gate.ask('public');
    const form = await request.formData();
    const [keep, improve] = kinds.map((kind) => form.getAll(kind).map(String).slice(0, 100)) as [
      string[],
      string[],
    ];
    const marks = { keep, improve };
    const ticket = await votes.admit(db().main, params.code, cookieOf(cookies));
    if (!ticket) return fail(400, { said: m.vote_refused_ticket(), marks });
    const sent = await send(db().main, ticket, marks);
    if (!sent.ok) return fail(400, { said: words[sent.refusal](), marks });
    redirect(303, `/m/${params.code}`);
  };

export const actions: Actions = {
  join: async ({ locals, params, cookies, url }) => {
    locals.gate.ask('public');
    const room = await votes.enter(db().main, params.code);
    if (!room) return fail(400, { said: m.vote_code_unknown(), marks: { keep: [], improve: [] } });
    await letIn(db().main, room, cookies, url);
    redirect(303, `/m/${room.code}`);
  },
  propose: sending(votes.propose, proposalWords),
  vote: sending(votes.vote, voteWords),
};
