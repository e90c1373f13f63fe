import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { baseIn } from '#domain/merge.ts';
import * as Programme from '#domain/programme.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import { unitNames } from '#server/units.ts';
import { monthName } from '#ui/calendar-words.ts';
import type { Actions, PageServerLoad } from './$types';
import { faultsOf, offered, typed } from '../form.ts';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('programme.change');
  const found = await programmes.find(db().main, params.id);
  if (!found || found.ended) error(404);
  return {
    name: found.name,
    base: Programme.fieldsOf(found),
    version: found.version,
    ...(await offered(locals.locale, Day.at(locals.now), found.unitCodes)),
  };
};

/** A field's value as people read it. */
async function shown(field: string, value: string): Promise<string> {
  if (field === 'month') return monthName(Number(value));
  if (field !== 'units') return value || m.programme_on_decision();
  const names = await unitNames(db().main);
  return value
    .split(' ')
    .map((code) => names.get(code) ?? code)
    .join(', ');
}

export const actions: Actions = {
  save: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('programme.change');
    const form = await request.formData();
    const said = typed(form);
    const from = {
      version: Number(form.get('version')) || 0,
      base: baseIn(String(form.get('base') ?? '')),
    };
    const { main } = db();
    const done = await programmes.change(main, params.id, from, Programme.read(said), permit);
    if (done.ok) {
      await occurrences.plan(main, locals.now);
      redirect(303, '/calendar/programmes');
    }
    if ('conflicts' in done) {
      const asked = done.conflicts.map(async ({ field, theirs }): Promise<[string, string]> => [
        field,
        m.programme_conflict({ theirs: await shown(field, theirs) }),
      ]);
      const faults: Record<string, string> = Object.fromEntries(await Promise.all(asked));
      return fail(409, { said: done.merged, faults, from: { version: done.version, base: done.theirs } });
    }
    const refusals = done.refusals.flatMap((one) => (one === 'gone' ? [] : [one]));
    if (refusals.length < done.refusals.length) error(404);
    return fail(400, { said, faults: faultsOf(refusals), from });
  },

  end: async ({ locals, params }) => {
    const permit = locals.gate.ask('programme.change');
    const ended = await programmes.end(db().main, params.id, locals.now, permit);
    if (!ended.ok) error(404);
    redirect(303, '/calendar/programmes');
  },
};
