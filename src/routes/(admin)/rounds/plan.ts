import { fromOslo } from '#domain/oslo.ts';
import * as Code from '#domain/code.ts';
import * as Day from '#domain/day.ts';
import { text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import { smsWorks } from '#server/postman.ts';
import * as questionnaires from '#server/questionnaires.ts';
import type * as rounds from '#server/rounds.ts';
import { unitsToAsk } from '#server/units.ts';

/** What the form says, as typed: kept when something is wrong. */
export type Typed = {
  name: string;
  questionnaire: string;
  units: string[];
  opens: string;
  stops: string;
  inPostOn: string;
  minimumShare: string;
  kinds: string;
  includeOnLeave: boolean;
  reminders: string;
  reserve: string;
  sms: boolean;
  dryRun: boolean;
};

export function typed(form: FormData): Typed {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    name: text('name'),
    questionnaire: text('questionnaire'),
    units: form.getAll('units').map(String),
    opens: text('opens'),
    stops: text('stops'),
    inPostOn: text('inPostOn'),
    minimumShare: text('minimumShare'),
    kinds: text('kinds'),
    includeOnLeave: form.has('includeOnLeave'),
    reminders: text('reminders'),
    reserve: text('reserve'),
    sms: form.has('sms'),
    dryRun: form.has('dryRun'),
  };
}

const words = (list: string) => list.split(/[\s,;]+/).filter(Boolean);

/** The plan that a form means, or what is wrong by field. */
export function planOf(
  t: Typed,
): { ok: true; plan: rounds.Plan } | { ok: false; faults: Record<string, string> } {
  const faults: Record<string, string> = {};
  const opensAt = fromOslo(t.opens);
  const stopsAt = fromOslo(t.stops);
  const inPostOn = Day.parse(t.inPostOn);
  const share = /^\d{1,3}$/.test(t.minimumShare) ? Number(t.minimumShare) : NaN;
  const reminders = words(t.reminders).map(Number);
  const reserve = /^\d{1,2}$/.test(t.reserve) ? Number(t.reserve) : NaN;
  if (!t.name) faults.name = m.round_fault_name();
  if (!t.questionnaire) faults.questionnaire = m.round_fault_questionnaire();
  if (t.units.length === 0) faults.units = m.round_fault_units();
  if (!opensAt) faults.opens = m.round_fault_time();
  if (!stopsAt) faults.stops = m.round_fault_time();
  if (!inPostOn) faults.inPostOn = m.round_fault_day();
  if (!(share >= 0 && share <= 100)) faults.minimumShare = m.round_fault_share();
  if (reminders.some((d) => !Number.isInteger(d))) faults.reminders = m.round_fault_reminders();
  if (!Code.reserveHolds(reserve)) faults.reserve = m.code_fault_number({ most: Code.mostReserve });
  if (Object.keys(faults).length > 0) return { ok: false, faults };
  return {
    ok: true,
    plan: {
      name: t.name,
      questionnaireId: t.questionnaire,
      unitCodes: t.units,
      opensAt: opensAt!,
      stopsAt: stopsAt!,
      rule: {
        inPostOn: inPostOn!,
        minimumShare: share,
        kinds: words(t.kinds),
        includeOnLeave: t.includeOnLeave,
      },
      reminders,
      reserve,
      sms: t.sms,
      dryRun: t.dryRun,
    },
  };
}

/** A refusal of the use case, at the field it is about. */
export const faultOf: Record<rounds.PlanRefusal | 'wrong-state', () => Record<string, string>> = {
  clock: () => ({ dryRun: m.round_fault_clock() }),
  name: () => ({ name: m.round_fault_name() }),
  window: () => ({ stops: m.round_fault_window() }),
  thresholds: () => ({ name: m.round_fault_thresholds() }),
  'no-unit': () => ({ units: m.round_fault_units() }),
  'unknown-unit': () => ({ units: m.round_fault_units() }),
  'unknown-questionnaire': () => ({ questionnaire: m.round_fault_questionnaire() }),
  reminders: () => ({ reminders: m.round_fault_reminders() }),
  reserve: () => ({ reserve: m.code_fault_number({ most: Code.mostReserve }) }),
  'wrong-state': () => ({ name: m.round_refused_wrong_state() }),
};

/** What the form offers: units down to the third level, and the newest version of each questionnaire. */
export async function offered(locale: string, today: string) {
  const { main } = db();
  const units = await unitsToAsk(main, today);
  const asked = await questionnaires.listLatest(main);
  return {
    sms: await smsWorks(main),
    units: units.filter((u) => u.depth <= 2),
    questionnaires: asked.map((q) => ({
      id: q.id,
      title: text(q.content.title, locale),
      version: q.version,
    })),
  };
}
