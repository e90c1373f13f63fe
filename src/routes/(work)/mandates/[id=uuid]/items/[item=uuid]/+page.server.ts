import { error, fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { type Item, type ItemRefusal, most } from '#domain/mandate.ts';
import { isLate } from '#domain/measure.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as mandateItems from '#server/mandate-items.ts';
import * as mandates from '#server/mandates.ts';
import type { MeasureRow } from '#server/measures.ts';
import * as units from '#server/units.ts';
import { ownerWords } from '#ui/measure-words.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now }, params, url }) => {
  gate.ask('mandate.change');
  const { main } = db();
  const today = Day.at(now);
  const mandate = (await mandates.find(main, params.id)) ?? error(404);
  const all = await mandates.items(main, params.id, now);
  const { id, number, text, area, parent, measures } =
    all.find((one) => one.id === params.item) ?? error(404);
  const idOf = new Map(all.map((one) => [one.number, one.id]));
  const shown = (of: MeasureRow) => ({
    ...{ id: of.id, title: of.title, status: of.status, dueOn: of.dueOn, unit: of.unit.name },
    owner: ownerWords(of),
    late: isLate(of, today),
  });
  const tree = await units.tree(main, today);
  const asked = { words: url.searchParams.get('q')?.trim() ?? '', unit: url.searchParams.get('unit') ?? '' };
  const unitId = tree.find(({ code }) => code === asked.unit)?.id ?? null;
  const found =
    asked.words !== '' || unitId !== null
      ? await mandateItems.search(main, id, { words: asked.words, unitId }, now)
      : null;
  return {
    mandate: { id: mandate.id, title: mandate.title },
    item: { id, fields: { number, text, area, parent: idOf.get(parent) ?? '' } },
    points: all.filter((one) => one.parent === '' && one.id !== id),
    areas: [...new Set(all.map((one) => one.area))].filter(Boolean),
    measures: measures.map(shown),
    units: tree.map(({ code, name, depth }) => ({ value: code, text: name, depth })),
    asked,
    found: found && { count: found.count, measures: found.measures.map(shown) },
    saved: url.searchParams.has('saved'),
  };
};

const typed = (form: FormData, prefix = ''): Item => {
  const text = (name: string) => String(form.get(prefix + name) ?? '').trim();
  return { number: text('number'), text: text('text'), area: text('area'), parent: text('parent') };
};

const sentences: Record<ItemRefusal, [field: keyof Item, () => string]> = {
  number: ['number', () => m.mandate_fault_number(most)],
  twice: ['number', m.mandate_fault_twice],
  text: ['text', () => m.mandate_fault_text(most)],
  area: ['area', () => m.mandate_fault_area(most)],
  parent: ['parent', m.mandate_fault_parent],
};

type Faults = Record<string, string>;
const written = async (request: Request, name: string) => String((await request.formData()).get(name) ?? '');

export const actions: Actions = {
  save: async ({ locals: { gate }, params, request, url }) => {
    const permit = gate.ask('mandate.change');
    const form = await request.formData();
    const said = typed(form);
    const begun = typed(form, 'begun-');
    const changed = await mandateItems.change(
      db().main,
      params.id,
      params.item,
      { fields: said, begun },
      permit,
    );
    if (changed.ok) redirect(303, `${url.pathname}?saved`);
    if (changed.refusal === 'unknown') error(404);
    if (changed.refusal === 'faults') {
      const faults = changed.refusals.map((refusal) => [sentences[refusal][0], sentences[refusal][1]()]);
      return fail(400, { said, begun, faults: Object.fromEntries(faults) as Faults });
    }
    const { merged, theirs, conflicts } = changed;
    const points = await mandateItems.itemsOf(db().main, params.id);
    const numberOf = (point: string) => points.find(({ id }) => id === point)?.number ?? '';
    const faults = conflicts.map(({ field, theirs: of }) => [
      field,
      m.mandate_theirs({ theirs: field === 'parent' ? numberOf(of) : of }),
    ]);
    return fail(409, {
      ...{ said: merged, begun: theirs, faults: Object.fromEntries(faults) as Faults },
    });
  },

  remove: async ({ locals: { gate }, params }) => {
    const permit = gate.ask('mandate.change');
    const removed = await mandateItems.remove(db().main, params.id, params.item, permit);
    if (removed.ok) redirect(303, `/mandates/${params.id}`);
    if (removed.refusal === 'unknown') error(404);
    const said = removed.refusal === 'has-parts' ? m.mandate_remove_has_parts : m.mandate_remove_has_measures;
    return fail(409, { faults: { remove: said() } as Faults });
  },

  tie: async ({ locals: { gate }, params, request, url }) => {
    const permit = gate.ask('mandate.change');
    const measureId = await written(request, 'measure');
    const tied = await mandateItems.tie(db().main, params.item, measureId, permit);
    if (!tied.ok) return fail(409, { faults: { found: m.mandate_gone() } as Faults });
    redirect(303, back(url));
  },

  untie: async ({ locals: { gate }, params, request, url }) => {
    const permit = gate.ask('mandate.change');
    const measureId = await written(request, 'measure');
    await mandateItems.untie(db().main, params.item, measureId, permit);
    redirect(303, back(url));
  },
};

/** The same page with the same search. */
function back(url: URL): string {
  const kept = new URLSearchParams([...url.searchParams].filter(([name]) => ['q', 'unit'].includes(name)));
  return kept.size > 0 ? `${url.pathname}?${kept}` : url.pathname;
}
