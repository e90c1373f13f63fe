import { error, fail, redirect } from '@sveltejs/kit';
import * as Cause from '#domain/cause.ts';
import { isUuid } from '#domain/uuid.ts';
import { m } from '#messages';
import * as causes from '#server/causes.ts';
import { db } from '#server/db.ts';
import * as minutes from '#server/minutes.ts';
import * as points from '#server/points.ts';
import type { Actions, PageServerLoad } from './$types';
import { open, openFor } from '../../open.ts';

/** The point, when it is of this unit's meeting. */
async function find(id: string, round: string, unit: string) {
  const [found] = await points.list(db().main, { ids: [id] });
  return found?.round.id === round && found.unit.code === unit ? found : error(404);
}

export const load: PageServerLoad = async ({ params, url, locals: { gate, now } }) => {
  const { course, href, may } = await open(gate, params, now);
  const found = await find(params.point, course.round.id, course.unit.code);
  const [point] = await minutes.full(db().main, [found], now);
  const all = (await causes.list(db().main, [found.id])).get(found.id) ?? [];
  const going = may.lead ? Cause.chain(all, url.searchParams.get('remove') ?? '') : [];
  return {
    unit: course.unit.name,
    round: course.round.name,
    href,
    may,
    point: point!,
    fixed: all.filter((one) => Cause.isFixed(one, found.meeting.agreedAt)).map(({ id }) => id),
    going: going.map(({ id, text }) => ({ id, text })),
    seen: causes.seen(going),
  };
};

/** As it is kept: a form sends each new line as two signs. */
const written = (form: FormData, name: string) => String(form.get(name) ?? '').replaceAll('\r\n', '\n');
const textFaults: Record<Cause.TextRefusal, () => string> = {
  text: m.point_cause_fault_text,
  long: () => m.point_cause_fault_long({ most: Cause.mostSigns }),
};

/** A form that comes back: the field that was written in, what stood in it, and what it began from. */
const back = (field: string, text: string, fault: string, base: string | null = null) =>
  fail(400, { said: { field, text, base }, faults: { [field]: fault } as Record<string, string> });

const idOf = (form: FormData, name: string) => (isUuid(written(form, name)) ? written(form, name) : null);
const kindOf = (form: FormData): Cause.Kind => {
  const kind = written(form, 'kind');
  return Cause.isKind(kind) ? kind : 'promotes';
};

export const actions: Actions = {
  add: async ({ params, request, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const { id } = await find(params.point, course.round.id, course.unit.code);
    const form = await request.formData();
    const [kind, text, whyOfId] = [kindOf(form), written(form, 'text'), idOf(form, 'whyOf')];
    const done = await causes.add(db().main, id, { kind, text, whyOfId }, now, permit);
    if (done.ok) redirect(303, `${href}/points/${id}#cause-${done.id}`);
    const field = whyOfId ? `why-${whyOfId}` : `new-${kind}`;
    if (done.refusal === 'gone') return back(`new-${kind}`, text, m.point_cause_fault_gone());
    if (done.refusal === 'deep') return back(field, text, m.point_cause_fault_deep({ most: Cause.mostDeep }));
    return back(field, text, textFaults[done.refusal]());
  },

  change: async ({ params, request, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const { id } = await find(params.point, course.round.id, course.unit.code);
    const form = await request.formData();
    const [kind, text, causeId] = [kindOf(form), written(form, 'text'), idOf(form, 'cause')];
    if (causeId === null) return back(`new-${kind}`, text, m.point_cause_fault_gone());
    const words = { base: written(form, 'base'), mine: text };
    const done = await causes.change(db().main, id, causeId, words, permit);
    if (done.ok) redirect(303, `${href}/points/${id}#cause-${causeId}`);
    const field = `text-${causeId}`;
    if (done.refusal === 'gone') return back(`new-${kind}`, text, m.point_cause_fault_gone());
    if (done.refusal === 'agreed') return back(`why-${causeId}`, text, m.point_cause_fault_agreed());
    if (done.refusal === 'changed')
      return back(field, text, m.point_fault_changed({ theirs: done.theirs }), done.theirs);
    return back(field, text, textFaults[done.refusal](), words.base);
  },

  remove: async ({ params, request, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const { id } = await find(params.point, course.round.id, course.unit.code);
    const form = await request.formData();
    const [causeId, seen] = [idOf(form, 'cause'), written(form, 'seen')];
    const done =
      causeId === null
        ? { ok: false as const, refusal: 'gone' as const }
        : await causes.remove(db().main, id, causeId, seen, permit);
    if (done.ok || done.refusal === 'gone') redirect(303, `${href}/points/${id}#causes`);
    const said = { agreed: m.point_cause_fault_agreed, changed: m.point_cause_remove_changed };
    return back('remove', '', said[done.refusal]());
  },
};
