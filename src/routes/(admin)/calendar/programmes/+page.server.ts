import { fail, redirect } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import * as occurrences from '#server/occurrences.ts';
import * as programmes from '#server/programmes.ts';
import { unitsToAsk } from '#server/units.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  locals.gate.ask('programme.change');
  const { main } = db();
  const today = Day.at(locals.now);
  const year = Number(today.slice(0, 4));
  const [all, missing, units, runs] = await Promise.all([
    programmes.list(main),
    programmes.missing(main),
    unitsToAsk(main, today),
    occurrences.runs(main, year, year + occurrences.yearsAhead),
  ]);
  return {
    programmes: all.map(({ id, name, units, everyYears, firstYear, month, ended }) => ({
      ...{ id, name, everyYears, firstYear, month, ended },
      units: units.map((one) => one.name),
      next:
        runs.find(
          (run) => run.programme.id === id && run.opensOn > today && run.round?.state !== 'withdrawn',
        ) ?? null,
    })),
    missing: missing.length,
    units: units
      .filter(({ depth }) => depth <= 2)
      .map(({ code, name, depth }) => ({ value: code, text: name, depth })),
    top: units[0]?.code ?? '',
  };
};

export const actions: Actions = {
  standard: async ({ locals, request }) => {
    const permit = locals.gate.ask('programme.change');
    const form = await request.formData();
    const said = { whole: String(form.get('whole') ?? ''), health: String(form.get('health') ?? '') };
    const faults: Record<string, string> = {};
    if (!said.whole) faults.whole = m.programme_fault_units();
    if (!said.health) faults.health = m.programme_fault_units();
    if (Object.keys(faults).length > 0) return fail(400, { said, faults });
    const added = await programmes.addStandard(db().main, said, locals.now, permit);
    if (!added.ok) {
      faults.whole = m.programme_fault_standard();
      return fail(400, { said, faults });
    }
    await occurrences.plan(db().main, locals.now);
    redirect(303, '/calendar/programmes');
  },
};
