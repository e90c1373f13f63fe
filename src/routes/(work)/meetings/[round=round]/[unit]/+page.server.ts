import { fail, redirect } from '@sveltejs/kit';
import type { AgreeRefusal } from '#domain/point.ts';
import * as Reading from '#domain/reading.ts';
import { mostSigns, representatives, speaksAs } from '#domain/remark.ts';
import * as Step from '#domain/step.ts';
import { m } from '#messages';
import * as confirmations from '#server/confirmations.ts';
import { db } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as minutes from '#server/minutes.ts';
import * as points from '#server/points.ts';
import * as presenting from '#server/presenting.ts';
import type { UnitRelease } from '#server/releases.ts';
import * as remarks from '#server/remarks.ts';
import * as steps from '#server/steps.ts';
import * as figures from '#ui/figures.ts';
import type { Actions, PageServerLoad } from './$types';
import { open, openFor, resultOf } from './open.ts';

export const load: PageServerLoad = async ({ params, locals: { gate, now } }) => {
  const { course, taken, href, may, opened } = await open(gate, params, now);
  const sofar = await minutes.ofUnit(db().main, course.round.id, course.unit.id, now);
  return {
    unit: course.unit.name,
    round: course.round.name,
    overtaken: course.overtaken,
    meets: meetsWith(opened),
    href,
    result: resultOf(course.round.id, course.unit.code),
    may: {
      ...may,
      confirm: may.confirm && taken.presented !== undefined && sofar !== null,
      isAgreed: taken.agreed !== undefined,
      agree: may.lead && sofar !== null && sofar.points.length > 0,
    },
    steps: course.steps.map((one) => ({ ...one, by: taken[one.step]?.by ?? null })),
    next: Step.next(course.steps)?.step ?? null,
    confirmed: sofar?.confirmations.some(({ personId }) => personId === gate.actor?.personId) ?? false,
    sofar,
  };
};

/** What a meeting has in front of it, where that is not the unit's own result. */
function meetsWith({ head, figures, unit }: UnitRelease): string | null {
  const found = figures && Reading.ofUnit(figures, unit.code, head.without.includes(unit.code));
  if (!found) return null;
  if (!found.node) return m.small_unit_meets_without();
  const { name } = found.node;
  if (found.lent) return m.small_unit_meets_borrow({ name });
  return found.group ? m.small_unit_meets_group({ name }) : null;
}

const presentFaults: Record<Step.PresentRefusal, [field: string, said: () => string]> = {
  day: ['day', m.step_fault_day],
  early: ['day', m.step_fault_early],
  late: ['day', m.step_fault_late],
  'took-part': ['tookPart', m.step_fault_took_part],
};

function agreeFault(of: AgreeRefusal): string {
  if (of.refusal === 'measures') {
    const titles = figures.both(of.titles.map((title) => `«${title}»`));
    return of.titles.length === 1 ? m.point_agree_measure({ titles }) : m.point_agree_measures({ titles });
  }
  const said = {
    agreed: m.point_agreed_already,
    'not-presented': m.point_agree_not_presented,
    voting: m.point_agree_voting,
    none: m.point_agree_none,
    'not-counted': m.point_agree_not_counted,
    reason: m.point_agree_reason,
  };
  return said[of.refusal]();
}

const written = (form: FormData, name: string) => String(form.get(name) ?? '');
const nothing = { day: '', tookPart: '', remark: '' };

const mark =
  (step: 'received' | 'prepared'): Actions[string] =>
  async ({ params, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    await steps.mark(db().main, course.round.id, course.unit.id, step, now, permit);
    redirect(303, href);
  };

export const actions: Actions = {
  received: mark('received'),
  prepared: mark('prepared'),

  presented: async ({ params, request, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const form = await request.formData();
    const said = { ...nothing, day: written(form, 'day'), tookPart: written(form, 'tookPart') };
    const of = {
      roundId: course.round.id,
      unitId: course.unit.id,
      unitCode: course.unit.code,
      releasedAt: course.round.releasedAt,
    };
    const done = await presenting.present(db().main, of, said, now, permit);
    if (done.ok) redirect(303, href);
    const faults = done.refusals.map((refusal) => {
      const [field, words] = presentFaults[refusal];
      return [field, words()];
    });
    return fail(400, { said, faults: Object.fromEntries(faults) as Record<string, string> });
  },

  agree: async ({ params, locals: { gate, now } }) => {
    const { course, permit, href } = await openFor(gate, 'meeting.lead', params, now);
    const found = await meetings.ofUnit(db().main, course.round.id, course.unit.id);
    const done = found
      ? await points.agree(db().main, found.id, now, permit)
      : { ok: false as const, refusal: 'none' as const };
    if (done.ok) redirect(303, href);
    const field = done.refusal === 'not-counted' ? 'tookPart' : 'agree';
    return fail(400, { said: null, faults: { [field]: agreeFault(done) } as Record<string, string> });
  },

  confirm: async ({ params, locals: { gate, now } }) => {
    const { course, opened, permit, href } = await openFor(gate, 'meeting.confirm', params, now);
    const found = await presented(course);
    if (!found?.agreedAt)
      return fail(400, { said: nothing, faults: { confirm: m.meeting_way_confirm_early() } });
    const as = speaksAs(gate.actor!, opened.path, representatives)!;
    await confirmations.add(db().main, found.id, as, now, permit);
    redirect(303, `${href}#parties`);
  },

  remark: async ({ params, request, locals: { gate, now } }) => {
    const { course, opened, permit, href } = await openFor(gate, 'meeting.confirm', params, now);
    const said = { ...nothing, remark: written(await request.formData(), 'remark') };
    const found = await presented(course);
    if (!found) return fail(400, { said, faults: { remark: m.meeting_way_remark_early() } });
    const beside = { meetingId: found.id };
    const remark = { path: opened.path, text: said.remark };
    const done = await remarks.say(db().main, beside, remark, gate.actor!, now, permit);
    if (done.ok) redirect(303, `${href}#parties`);
    const fault = {
      empty: m.meeting_way_remark_text(),
      'no-representative': m.meeting_way_remark_text(),
      long: m.meeting_way_remark_long({ most: mostSigns }),
    };
    return fail(400, { said, faults: { remark: fault[done.refusal] } as Record<string, string> });
  },
};

/** The meeting, once its result has been presented: before, there is nothing to have taken part in. */
async function presented({ round, unit, steps: taken }: steps.Course) {
  const isPresented = taken.some(({ step, doneOn }) => step === 'presented' && doneOn !== null);
  return isPresented ? await meetings.ofUnit(db().main, round.id, unit.id) : null;
}
