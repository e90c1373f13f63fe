import { fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import * as accounts from '#server/accounts.ts';
import { db } from '#server/db.ts';
import * as passwords from '#server/passwords.ts';
import { postman } from '#server/postman.ts';
import * as sessions from '#server/sessions.ts';
import { begin } from '#server/signing-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const permit = locals.gate.ask('account.see');
  return { ...(await accounts.of(db().main, permit)), changed: url.searchParams.has('changed') };
};

export const actions: Actions = {
  password: async ({ request, locals, cookies, url }) => {
    const permit = locals.gate.ask('account.change');
    const text = String((await request.formData()).get('new-password') ?? '');
    const weak = passwords.weakness(text);
    if (weak) {
      const said = weak === 'short' ? m.account_short : m.account_long;
      return fail(400, { faults: { 'new-password': said() } });
    }
    const { now, locale } = locals;
    const personId = await accounts.setPassword(db().main, permit, text);
    await begin(db().main, cookies, url, personId, now);
    await accounts
      .tellOfPassword(db().main, personId, await postman(), locale, now)
      .catch((fault: unknown) => console.error('A mail about a new password could not be sent:', fault));
    redirect(303, '/account?changed');
  },

  'sign-out-everywhere': async ({ locals, cookies, url }) => {
    await accounts.signOutEverywhere(db().main, locals.gate.ask('session.end'));
    const { name, options } = sessions.cookie(url);
    cookies.delete(name, options);
    redirect(303, '/sign-in');
  },
};
