import { fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import { localPath } from '#server/local-path.ts';
import { isAddress } from '#server/mail.ts';
import { postman } from '#server/postman.ts';
import { settings } from '#server/settings.ts';
import * as signIn from '#server/sign-in.ts';
import { begin, slow } from '#server/signing-in.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.gate.ask('public');
  if (locals.gate.actor) redirect(303, localPath(url.searchParams.get('to')));
  return { mail: (await postman()).works };
};

const written = (form: FormData, name: string) => String(form.get(name) ?? '');

export const actions: Actions = {
  link: async ({ request, locals }) => {
    locals.gate.ask('public');
    const email = written(await request.formData(), 'email').trim();
    if (!isAddress(email))
      return fail(400, { email, faults: { 'link-email': m.sign_in_fault_address() }, way: 'link' as const });
    const post = await postman();
    if (!post.works)
      return fail(400, { email, faults: { 'link-email': m.sign_in_no_mail() }, way: 'link' as const });
    const { now, locale } = locals;
    // Not waited for: the answer must not take longer for an address that somebody has.
    signIn
      .sendLink(db().main, email, { post, origin: settings().ORIGIN, locale }, now)
      .catch((fault: unknown) => console.error('A sign-in link could not be sent:', fault));
    return { email, sent: true, faults: {}, way: 'link' as const };
  },

  password: async ({ request, locals, cookies, url }) => {
    locals.gate.ask('public');
    const form = await request.formData();
    const email = written(form, 'email').trim();
    const refused = (faults: Record<string, string>) =>
      fail(400, { email, faults, way: 'password' as const });
    if (!isAddress(email)) return refused({ 'password-email': m.sign_in_fault_address() });
    const text = written(form, 'password');
    if (text === '') return refused({ password: m.sign_in_fault_empty() });
    const { now } = locals;
    const signed = await signIn.withPassword(db().main, slow, { email, text }, now);
    if (!signed.ok && signed.refusal === 'wrong') return refused({ password: m.sign_in_fault_wrong() });
    if (!signed.ok) {
      const seconds = Math.ceil((signed.until.getTime() - now.getTime()) / 1000);
      return refused({ password: m.sign_in_fault_wait({ minutes: Math.ceil(seconds / 60) }) });
    }
    await begin(db().main, cookies, url, signed.personId, now);
    redirect(303, localPath(url.searchParams.get('to')));
  },
};
