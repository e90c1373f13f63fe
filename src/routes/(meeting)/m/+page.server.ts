import { fail, redirect } from '@sveltejs/kit';
import * as Meeting from '#domain/meeting.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as votes from '#server/votes.ts';
import type { Actions, PageServerLoad } from './$types';
import { letIn } from './ticket.ts';

export const load: PageServerLoad = ({ locals }) => {
  locals.gate.ask('public');
};

export const actions: Actions = {
  default: async ({ locals, request, cookies, url }) => {
    locals.gate.ask('public');
    const typed = String((await request.formData()).get('code') ?? '').slice(0, 40);
    const code = Meeting.readCode(typed);
    const room = code === null ? null : await votes.enter(db().main, code);
    if (!room) return fail(400, { typed, faults: { code: m.vote_code_unknown() } });
    await letIn(db().main, room, cookies, url);
    redirect(303, `/m/${room.code}`);
  },
};
