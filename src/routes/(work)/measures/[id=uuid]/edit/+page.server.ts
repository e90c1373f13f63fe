import { error, fail, redirect } from '@sveltejs/kit';
import type { Field } from '#domain/measure.ts';
import * as Measure from '#domain/measure.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as owners from '#server/measure-owners.ts';
import * as versions from '#server/measure-versions.ts';
import { namesOf } from '#server/people.ts';
import { faultsOf, typed, writtenOf } from '../../written.ts';
import { open } from '../open.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { subject, found } = await open(params.id, locals.now);
  locals.gate.ask('measure.change', subject);
  const { main } = db();
  const measure = found();
  const { owner, unit } = measure;
  const candidates = await owners.candidates(main, unit.code, locals.now);
  // Who owns it now may stay, though they could not be chosen.
  const kept =
    owner && !candidates.some(({ id }) => id === owner.id)
      ? [
          {
            id: owner.id,
            name: owner.name,
            title: owner.here ? m.measure_owner_moved() : m.measure_owner_left(),
          },
        ]
      : [];
  return {
    id: measure.id,
    title: measure.title,
    unit: unit.name,
    version: measure.version,
    first: Measure.asFields({ ...measure, ownerId: owner?.id ?? null }),
    owners: [...kept, ...candidates],
    last: (await versions.changes(main, measure.id))[0] ?? null,
  };
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    const { subject, found } = await open(params.id, locals.now);
    const permit = locals.gate.ask('measure.change', subject);
    const { main } = db();
    const form = await request.formData();
    const said = typed(form);
    const from = Number(form.get('version'));
    const changed = await versions.change(main, found().id, from, writtenOf(said), locals.now, permit);
    if (changed.ok) redirect(303, `/measures/${params.id}?done=changed`);
    if (!('merged' in changed)) error(404);
    const isMine = changed.version === from;
    const names = await namesOf(
      main,
      changed.conflicts.flatMap(({ field, theirs }) => (field === 'ownerId' && theirs ? [theirs] : [])),
    );
    return fail(changed.conflicts.length > 0 ? 409 : 400, {
      // What was typed stays as it was typed, until another's change has come into it.
      said: isMine ? said : Measure.asFields(changed.merged),
      version: changed.version,
      isMine,
      faults: faultsOf(changed.refusals),
      theirs: changed.conflicts.map(({ field, theirs }) => ({
        field: field as Field,
        value: field === 'ownerId' ? (names.get(theirs) ?? '') : theirs,
      })),
    });
  },
};
