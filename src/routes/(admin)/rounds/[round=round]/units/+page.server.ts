import { error, fail, redirect } from '@sveltejs/kit';
import { unfrozen } from '#domain/round.ts';
import type { Choice, Misfit, Outlook } from '#domain/small-unit.ts';
import * as SmallUnit from '#domain/small-unit.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import { nodeName } from '#server/node-names.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import * as smallUnits from '#server/small-units.ts';
import { unitNames } from '#server/units.ts';
import { both } from '#ui/figures.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('round.see');
  const { main } = db();
  const found = (await rounds.find(main, params.round)) ?? error(404);
  // Whom a leader's evaluators are counted with follows from who leads whom, and is no choice.
  if ((await questionnaires.kindOf(main, found.questionnaireId)) === 'leader')
    redirect(303, `/rounds/${found.id}/leaders`);
  const names = await unitNames(main);
  const name = (code: string) => names.get(code) ?? code;
  const { merges, choices, thresholds } = found;
  const round = { id: found.id, name: found.name, thresholds };
  const chosen = {
    merges: merges.map((codes) => codes.map(name)),
    borrow: choices.borrow.map(name),
    without: choices.without.map(name),
  };
  if (!unfrozen.includes(found.state)) return { round, chosen, now: null };

  const { share, from, outlooks, alone, misfits } = await smallUnits.view(main, found);
  const nodes = outlooks.flatMap(({ node }) => node ?? []);
  const row = (one: Outlook) => ({
    code: one.unit.code,
    name: one.unit.name,
    ...{ depth: one.depth, invited: one.invited, expected: one.expected, shows: one.shows },
    leaf: one.leaf,
    guarded: one.shows === 'nothing' && one.expected >= thresholds.factor,
    // Whom its own staff are counted with, when not alone.
    group: one.node && !one.own ? nodeName(one.node, nodes, locals.locale) : null,
    together: one.together.map(name),
  });
  const choiceOf = (code: string): Exclude<Choice, 'rule'> | null => {
    if (merges.some((codes) => codes.includes(code))) return 'together';
    return choices.borrow.includes(code) ? 'borrow' : choices.without.includes(code) ? 'without' : null;
  };
  const sistersOf = ({ unit, leaf }: Outlook) =>
    leaf
      ? alone
          .filter((one) => one.leaf && one.unit.parent === unit.parent && one.unit.code !== unit.code)
          .map((one) => ({
            code: one.unit.code,
            name: one.unit.name,
            invited: one.invited,
            own: one.own && one.shows !== 'nothing',
            chosen: merges.some((codes) => codes.includes(unit.code) && codes.includes(one.unit.code)),
          }))
      : [];
  return {
    round,
    chosen,
    now: {
      share,
      from,
      mayChoose: locals.gate.may('round.plan'),
      units: outlooks.map(row),
      small: outlooks
        .map((one) => ({ ...row(one), choice: choiceOf(one.unit.code), sisters: sistersOf(one) }))
        .filter(({ shows, choice }) => shows === 'nothing' || choice !== null),
      misfits: misfits.map(({ why, units }) => ({
        sentence: misfitWords[why]({ units: both(units.map(name)) }),
        unit: units[0]!,
      })),
    },
  };
};

const misfitWords: Record<Misfit['why'], (said: { units: string }) => string> = {
  gone: m.small_unit_misfit_gone,
  'not-sisters': m.small_unit_misfit_not_sisters,
  large: m.small_unit_misfit_large,
  shown: m.small_unit_misfit_shown,
};

const written = (form: FormData, name: string) => String(form.get(name) ?? '').trim();
const done = (id: string, at: string): never => redirect(303, `/rounds/${id}/units#${at}`);

export const actions: Actions = {
  choose: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const form = await request.formData();
    const said = {
      unit: written(form, 'unit'),
      choice: form.has('undo') ? 'rule' : written(form, 'choice'),
      sisters: form.getAll('sisters').map(String),
      anyway: form.has('anyway'),
    };
    const refuse = (sentence: string) =>
      fail(400, { said, faults: { [`choice-${said.unit}`]: sentence } as Record<string, string> });
    const choice = SmallUnit.choices.find((one) => one === said.choice);
    if (!choice) return refuse(m.small_unit_fault_choice());
    const made = await smallUnits.choose(db().main, params.round, { ...said, choice }, locals.now, permit);
    if (made.ok) return done(params.round, choice === 'rule' ? 'small' : `choice-${said.unit}`);
    const names = await unitNames(db().main);
    const units = both(made.units.map((code) => names.get(code) ?? code));
    return refuse(faultWords[made.refusal]({ units }));
  },
  share: async ({ locals, params, request }) => {
    const permit = locals.gate.ask('round.plan');
    const share = written(await request.formData(), 'share');
    const number = share === '' ? null : /^\d{1,3}$/.test(share) ? Number(share) : NaN;
    const made = await smallUnits.expect(db().main, params.round, number, locals.now, permit);
    if (made.ok) return done(params.round, 'share');
    const sentence = faultWords[made.refusal]({ units: '' });
    return fail(400, { share, faults: { share: sentence } as Record<string, string> });
  },
};

const faultWords: Record<smallUnits.Refusal, (said: { units: string }) => string> = {
  unknown: m.small_unit_fault_unknown,
  'no-sister': m.small_unit_fault_no_sister,
  'not-sisters': m.small_unit_fault_not_sisters,
  large: m.small_unit_fault_large,
  share: m.small_unit_fault_share,
  'wrong-state': m.round_refused_wrong_state,
};
