import { fail, redirect } from '@sveltejs/kit';
import * as Mandate from '#domain/mandate.ts';
import { db } from '#server/db.ts';
import * as mandates from '#server/mandates.ts';
import type { Actions, PageServerLoad } from './$types';
import { headFaults, lineFaults, meant, typed } from '../head.ts';

export const load: PageServerLoad = ({ locals: { gate } }) => {
  gate.ask('mandate.change');
};

async function read(request: Request) {
  const form = await request.formData();
  const head = typed(form);
  const points = String(form.get('points') ?? '');
  const parsed = Mandate.parse(points);
  const { faults, lines } = lineFaults(parsed.faults);
  const wrong = { ...headFaults(Mandate.headFaults(meant(head))), ...faults };
  return { head, items: parsed.items, said: { head, points, lines, faults: wrong, items: parsed.items } };
}

export const actions: Actions = {
  preview: async ({ locals: { gate }, request }) => {
    gate.ask('mandate.change');
    const { said } = await read(request);
    return Object.keys(said.faults).length > 0 ? fail(400, said) : said;
  },

  save: async ({ locals: { gate, now }, request }) => {
    const permit = gate.ask('mandate.change');
    const { head, items, said } = await read(request);
    if (Object.keys(said.faults).length > 0) return fail(400, said);
    const added = await mandates.add(db().main, meant(head), items, now, permit);
    if (!added.ok) return fail(400, { ...said, faults: headFaults(added.refusals) });
    redirect(303, `/mandates/${added.id}`);
  },
};
