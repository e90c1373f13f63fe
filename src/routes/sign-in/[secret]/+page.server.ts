import { fail, redirect } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import * as signIn from '#server/sign-in.ts';
import { begin } from '#server/signing-in.ts';
import type { Actions, PageServerLoad } from './$types';

// Only the button uses the link up: programs that open the links in mails to look for viruses press nothing.
export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('public');
  return { holder: await signIn.linkHolder(db().main, params.secret, locals.now) };
};

export const actions: Actions = {
  default: async ({ locals, params, cookies, url }) => {
    locals.gate.ask('public');
    const signed = await signIn.withLink(db().main, params.secret, locals.now);
    if (!signed.ok) return fail(400, { refusal: signed.refusal });
    await begin(db().main, cookies, url, signed.personId, locals.now);
    redirect(303, '/');
  },
};
