import { error, fail, redirect } from '@sveltejs/kit';
import { m } from '#messages';
import { db } from '#server/db.ts';
import { nameOf } from '#server/node-names.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('roll.list');
  const found = (await rounds.find(db().main, params.round)) ?? error(404);
  const nodes = found.tree?.nodes ?? [];
  const mine = await rolls.list(db().main, locals.gate, found, locals.now);
  return {
    round: { id: found.id, name: found.name },
    rolls: mine.map((roll) => ({
      ...roll,
      name: nameOf(roll.group, nodes, locals.locale),
    })),
  };
};

const sentences: Record<rolls.Refusal, () => string> = {
  gone: m.roll_gone,
  said: m.roll_said,
  long: m.roll_long,
};

export const actions: Actions = {
  default: async ({ locals, params, request }) => {
    locals.gate.ask('roll.list');
    const found = (await rounds.find(db().main, params.round)) ?? error(404);
    const form = await request.formData();
    const group = String(form.get('group') ?? '');
    const doubt = String(form.get('doubt') ?? '').trim();
    const isDoubt = form.get('answer') === 'doubt';
    const refuse = (sentence: string) =>
      fail(400, { group, doubt, faults: { [`doubt-${group}`]: sentence } as Record<string, string> });
    if (isDoubt && !doubt) return refuse(m.roll_words());
    const said = await rolls.check(db().main, locals.gate, found, group, isDoubt ? doubt : '', locals.now);
    if (!said.ok) return refuse(sentences[said.refusal]());
    redirect(303, `/rounds/${params.round}/roll#group-${group}`);
  },
};
