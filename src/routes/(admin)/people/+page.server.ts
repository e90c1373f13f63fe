import { fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as people from '#server/people.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const permit = locals.gate.ask('person.see');
  const text = url.searchParams.get('q')?.trim() ?? '';
  return {
    text,
    found: text === '' ? null : await people.search(db().main, permit, text, locals.now),
    withRoles: text === '' ? await people.withRoles(db().main, permit, locals.now) : [],
  };
};

const written = (form: FormData, name: string) => String(form.get(name) ?? '');

export const actions: Actions = {
  add: async ({ locals, request }) => {
    const permit = locals.gate.ask('role.give');
    const form = await request.formData();
    const who = { name: written(form, 'name'), email: written(form, 'email') };
    const added = await people.addExternal(db().main, permit, who, locals.now);
    if (added.ok) redirect(303, `/people/${added.id}`);
    const faults: Record<string, string> = {
      'no-name': { name: m.person_no_name() },
      'identity-number': { name: m.person_identity_number() },
      'bad-email': { email: m.person_bad_email() },
      known: { email: m.person_known() },
    }[added.refusal];
    return fail(400, { ...who, faults });
  },
};
