import type { Fields } from '#domain/merge.ts';
import * as Programme from '#domain/programme.ts';
import { text } from '#domain/questionnaire.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import type * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { unitsToAsk } from '#server/units.ts';

/** What the form says, as typed. Units as codes in order, with spaces between. */
export function typed(form: FormData): Fields {
  const said = (name: string) => String(form.get(name) ?? '').trim();
  return {
    name: said('name'),
    questionnaire: said('questionnaire'),
    units: form.getAll('units').map(String).toSorted().join(' '),
    firstYear: said('firstYear'),
    everyYears: said('everyYears'),
    month: said('month'),
    windowDays: said('windowDays'),
  };
}

const { least, most } = Programme.windowLimits;
const faultWords: Record<programmes.Refusal, [field: string, words: () => string]> = {
  name: ['name', m.programme_fault_name],
  questionnaire: ['questionnaire', m.programme_fault_questionnaire],
  'unknown-questionnaire': ['questionnaire', m.programme_fault_questionnaire],
  units: ['units', m.programme_fault_units],
  'unknown-unit': ['units', m.programme_fault_units],
  'every-years': ['everyYears', m.programme_fault_every_years],
  'first-year': ['firstYear', m.programme_fault_first_year],
  month: ['month', m.programme_fault_month],
  'window-days': ['windowDays', () => m.programme_fault_window_days({ least, most })],
};

/** Refusals at the fields they are about. */
export const faultsOf = (refusals: programmes.Refusal[]): Record<string, string> =>
  Object.fromEntries(refusals.map((one) => [faultWords[one][0], faultWords[one][1]()]));

/** What the form offers: units down to the third level and those chosen already, and the questionnaires. */
export async function offered(locale: string, today: string, chosen: string[] = []) {
  const { main } = db();
  const units = await unitsToAsk(main, today);
  const asked = await questionnaires.listLatest(main);
  return {
    units: units.filter(({ depth, code }) => depth <= 2 || chosen.includes(code)),
    questionnaires: asked.map(({ key, content }) => ({ value: key, text: text(content.title, locale) })),
  };
}
