import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as successions from '#server/successions.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('unit.see');
  const unit = (await successions.find(db().main, params.id)) ?? error(404);
  const maySay = locals.gate.may('unit.succeed');
  const all = maySay ? await successions.all(db().main) : [];
  return {
    unit,
    maySay,
    others: all.filter(({ id }) => id !== unit.id && !unit.from.some((one) => one.id === id)),
    today: Day.at(locals.now),
  };
};

const written = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

const faults: Record<successions.SayRefusal, [field: string, words: () => string]> = {
  unknown: ['from', m.history_fault_unknown],
  circle: ['from', m.history_fault_circle],
  said: ['from', m.history_fault_said],
  day: ['on', m.history_fault_day],
};

export const actions: Actions = {
  say: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('unit.succeed');
    const form = await request.formData();
    const said = { from: written(form, 'from'), on: written(form, 'on') };
    const of = { unitId: params.id, fromCode: said.from, on: said.on };
    const done = await successions.say(db().main, of, locals.now, permit);
    if (done.ok) redirect(303, `/units/${params.id}`);
    const [field, words] = faults[done.refusal];
    return fail(400, { said, faults: { [field]: words() } as Record<string, string> });
  },
  unsay: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('unit.succeed');
    const fromId = written(await request.formData(), 'id');
    const unit = (await successions.find(db().main, params.id)) ?? error(404);
    const one = unit.from.find(({ id }) => id === fromId);
    if (one) await successions.unsay(db().main, { unitId: unit.id, fromId: one.id }, permit);
    redirect(303, `/units/${params.id}`);
  },
};
