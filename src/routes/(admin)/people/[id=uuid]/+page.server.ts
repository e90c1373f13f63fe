import { error, fail, redirect } from '@sveltejs/kit';
import { roles } from '#domain/access.ts';
import * as Day from '#domain/day.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as house from '#server/house.ts';
import * as people from '#server/people.ts';
import { postman } from '#server/postman.ts';
import { settings } from '#server/settings.ts';
import * as signIn from '#server/sign-in.ts';
import * as units from '#server/units.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const permit = locals.gate.ask('person.see');
  const person = await people.find(db().main, permit, params.id, locals.now);
  if (!person) error(404);
  const tree = await units.tree(db().main, Day.at(locals.now));
  const done = url.searchParams.get('done');
  const said: Record<string, () => string> = {
    given: () => m.person_given({ name: person.name }),
    taken: m.person_taken,
    invited: () => m.person_invited({ email: person.email ?? '' }),
  };
  return {
    roles: roles.filter((role) => role !== 'operator' || locals.gate.may('operator.give')),
    person,
    units: tree.map(({ code, name, depth }) => ({ code, name, depth })),
    done: done !== null && Object.hasOwn(said, done) ? said[done]?.() : undefined,
  };
};

const giveFaults: Record<people.GiveRefusal, { role: () => string } | { unit: () => string }> = {
  'unknown-role': { role: m.person_choose_role },
  'role-is-for-the-whole': { unit: m.person_not_whole },
  'unknown-unit': { unit: m.person_unknown_unit },
  'unknown-person': { role: m.person_has_left },
  'has-left': { role: m.person_has_left },
  'to-oneself': { role: m.person_to_oneself },
  'has-role': { role: m.person_has_role },
  'holds-key': { role: m.person_holds_key },
};

const written = (form: FormData, name: string) => String(form.get(name) ?? '');

export const actions: Actions = {
  give: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('role.give');
    const form = await request.formData();
    const wanted = { role: written(form, 'role'), unit: written(form, 'unit') };
    if (wanted.role === 'operator') locals.gate.ask('operator.give');
    const given = await people.giveRole(
      db().main,
      permit,
      { personId: params.id, role: wanted.role, unit: wanted.unit || null },
      locals.now,
    );
    if (given.ok) redirect(303, `/people/${params.id}?done=given`);
    const faults = Object.entries(giveFaults[given.refusal]).map(([field, said]) => [field, said()]);
    return fail(400, { wanted, faults: Object.fromEntries(faults) as Record<string, string> });
  },

  take: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('role.give');
    const id = written(await request.formData(), 'id');
    if ((await people.roleOf(db().main, id)) === 'operator') locals.gate.ask('operator.give');
    const taken = await people.takeRole(db().main, permit, id, locals.now);
    if (taken.ok) redirect(303, `/people/${params.id}?done=taken`);
    const said = taken.refusal === 'last-one' ? m.person_last_one : m.person_role_gone;
    return fail(409, { faults: { roles: said() } });
  },

  invite: async ({ locals, params }) => {
    const permit = locals.gate.ask('person.invite');
    const { name } = await house.read(db().main);
    const world = {
      post: await postman(),
      origin: settings().ORIGIN,
      municipality: name,
      locale: locals.locale,
    };
    const sent = await signIn.invite(db().main, permit, params.id, world, locals.now);
    if (sent.ok) redirect(303, `/people/${params.id}?done=invited`);
    const said = {
      'not-found': m.person_has_left,
      'no-address': m.person_invite_no_address,
      'shared-address': m.person_invite_shared,
      'no-mail': m.person_invite_no_mail,
    }[sent.refusal];
    return fail(409, { faults: { invite: said() } });
  },

  end: async ({ locals, params }) => {
    const permit = locals.gate.ask('role.give');
    const ended = await people.endExternal(db().main, permit, params.id, locals.now);
    if (ended.ok) redirect(303, `/people/${params.id}`);
    const said = {
      'unknown-person': m.person_has_left,
      employed: m.person_employed,
      'to-oneself': m.person_to_oneself_end,
      'last-one': m.person_last_one,
      'holds-key': m.person_holds_key,
    }[ended.refusal];
    return fail(409, { faults: { end: said() } });
  },
};
