import { error, fail, redirect } from '@sveltejs/kit';
import * as Mandate from '#domain/mandate.ts';
import { db } from '#server/db.ts';
import * as mandateItems from '#server/mandate-items.ts';
import * as mandates from '#server/mandates.ts';
import type { Actions, PageServerLoad } from './$types';
import { lineFaults } from '../../../head.ts';

export const load: PageServerLoad = async ({ locals: { gate }, params }) => {
  gate.ask('mandate.change');
  const { id, title } = (await mandates.find(db().main, params.id)) ?? error(404);
  return { id, title };
};

const pointsOf = async (request: Request) => String((await request.formData()).get('points') ?? '');

export const actions: Actions = {
  preview: async ({ locals: { gate }, params, request }) => {
    gate.ask('mandate.change');
    const points = await pointsOf(request);
    const parsed = Mandate.parse(points, await mandateItems.itemsOf(db().main, params.id));
    const said = { points, items: parsed.items, ...lineFaults(parsed.faults) };
    return parsed.faults.length > 0 ? fail(400, said) : said;
  },

  save: async ({ locals: { gate }, params, request }) => {
    const permit = gate.ask('mandate.change');
    const points = await pointsOf(request);
    const added = await mandateItems.add(db().main, params.id, points, permit);
    if (added.ok && added.count > 0) redirect(303, `/mandates/${params.id}`);
    if (!added.ok && added.refusal === 'unknown') error(404);
    const items: Mandate.Item[] = [];
    return fail(400, { points, items, ...lineFaults(added.ok ? [] : added.faults) });
  },
};
