import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { within } from '#domain/unit.ts';
import { db } from '#server/db.ts';
import { localPath } from '#server/local-path.ts';
import * as lookup from '#server/measure-lookup.ts';
import * as owners from '#server/measure-owners.ts';
import * as measures from '#server/measures.ts';
import * as units from '#server/units.ts';
import { faultsOf, typed, type Typed, writtenOf } from '../written.ts';
import type { Actions, PageServerLoad } from './$types';
import { asked } from './asked.ts';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { main } = db();
  const place = await asked(locals.gate, url.searchParams);
  const tree = await units.tree(main, Day.at(locals.now));
  const from = await measures.find(main, url.searchParams.get('from') ?? '', locals.now);
  const may = (path: string[]) => locals.gate.may('measure.change', { path });
  const offered = place.unit === null ? within(tree, may) : [];
  const query = new URLSearchParams(place.query);
  if (place.unit === null) {
    locals.gate.ask('measure.change', { path: offered[0]?.path ?? [] });
    if (offered.length > 1) {
      const choose = offered.map(({ code, name, depth }) => ({ code, name, depth }));
      return { choose, query: place.query, from: from?.id ?? null, form: null };
    }
    query.set('unit', offered[0]?.code ?? '');
  }
  const code = place.unit ?? offered[0]?.code;
  const unit = tree.find((one) => one.code === code) ?? error(404);
  const first: Typed = {
    title: from?.title ?? '',
    expected: from?.expected ?? '',
    ownerId: '',
    ownerRole: '',
    startsOn: Day.at(locals.now),
    dueOn: '',
  };
  const text = [place.point?.title, place.goal?.text, place.item?.text].filter(Boolean).join(' ');
  const about = { pointId: place.point?.id, text, not: [unit.id] };
  return {
    choose: null,
    query: query.toString(),
    form: {
      first,
      unit: unit.name,
      place: { point: place.point, goal: place.goal, item: place.item },
      owners: await owners.candidates(main, unit.code, locals.now),
      alike: await lookup.alike(main, about, locals.now),
    },
  };
};

export const actions: Actions = {
  save: async ({ locals, request, url }) => {
    const place = await asked(locals.gate, url.searchParams);
    const permit = place.permit ?? locals.gate.ask('measure.change');
    const { main } = db();
    const said = typed(await request.formData());
    const unit = (await units.tree(main, Day.at(locals.now))).find(({ code }) => code === place.unit);
    const added = await measures.add(
      main,
      unit?.id ?? error(404),
      writtenOf(said),
      {
        pointIds: place.point ? [place.point.id] : [],
        goalIds: place.goal ? [place.goal.id] : [],
        itemIds: place.item ? [place.item.id] : [],
      },
      locals.now,
      permit,
    );
    if (added.ok) {
      const to = url.searchParams.get('to');
      redirect(303, to ? localPath(to) : `/measures/${added.id}?done=written`);
    }
    const refusals = added.refusals.filter((one) => one !== 'unknown-unit' && one !== 'unknown-place');
    if (refusals.length < added.refusals.length) error(404);
    return fail(400, { said, faults: faultsOf(refusals) });
  },

  /** Looks for what others have done about what is typed, which stays typed. */
  look: async ({ locals, request, url }) => {
    const place = await asked(locals.gate, url.searchParams);
    if (!place.permit) locals.gate.ask('measure.change');
    const said = typed(await request.formData());
    const unit = (await units.tree(db().main, Day.at(locals.now))).find(({ code }) => code === place.unit);
    const about = {
      pointId: place.point?.id,
      text: `${said.title} ${said.expected}`,
      not: unit ? [unit.id] : [],
    };
    return { said, alike: await lookup.alike(db().main, about, locals.now) };
  },

  /** Begins from what another unit wrote: what and why, never who or when. */
  use: async ({ locals, request, url }) => {
    const place = await asked(locals.gate, url.searchParams);
    if (!place.permit) locals.gate.ask('measure.change');
    const form = await request.formData();
    const from = (await measures.find(db().main, String(form.get('from')), locals.now)) ?? error(404);
    return { said: { ...typed(form), title: from.title, expected: from.expected } };
  },
};
