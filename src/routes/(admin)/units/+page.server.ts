import * as Day from '#domain/day.ts';
import { db } from '#server/db.ts';
import * as units from '#server/units.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.gate.ask('unit.see');
  const today = Day.at(locals.now);
  const asked = url.searchParams.get('on');
  const on = asked ? Day.parse(asked.trim()) : today;
  return {
    asked,
    isDay: on !== null,
    isToday: (on ?? today) === today,
    on: on ?? today,
    units: await units.tree(db().main, on ?? today),
    maySeePeople: locals.gate.may('person.see'),
    mayImport: locals.gate.may('import.do'),
  };
};
