import * as Day from '#domain/day.ts';
import { isLate, kinds } from '#domain/report.ts';
import { db } from '#server/db.ts';
import * as reports from '#server/reports.ts';
import { unitsOf } from '#server/units.ts';
import { whenWords } from '#ui/report-words.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now }, url }) => {
  gate.ask('report.list');
  const { main } = db();
  const led = await unitsOf(main, gate.actor?.leads ?? []);
  const mine = await reports.waiting(
    main,
    led.map(({ id }) => id),
    now,
  );
  const years = await reports.years(main);
  const year = years.find((one) => String(one) === url.searchParams.get('year')) ?? years[0];
  const may = (path: string[]) => gate.may('report.see', { path });
  const units = year === undefined ? [] : await reports.ofYear(main, year, may);
  const all = units.flatMap((of) => of.reports);
  const late = all.filter((of) => of.handedAt === null && isLate(of, now)).length;
  const handed = all.filter((of) => of.handedAt !== null).length;
  return {
    mine: mine.map((of) => ({ ...of, when: whenWords({ ...of, handedOn: null }, now) })),
    leads: led.length > 0,
    years,
    year,
    counts: { count: all.length, handed, late, open: all.length - handed - late },
    kinds: kinds.filter((kind) => all.some(({ period }) => period === kind)),
    units: units.map(({ code, name, depth, reports: found }) => ({
      ...{ code, name, depth },
      reports: found.map((of) => ({
        ...{ id: of.id, period: of.period },
        state: of.handedAt ? 'handed' : isLate(of, now) ? 'late' : 'open',
        when: whenWords({ ...of, handedOn: of.handedAt && Day.at(of.handedAt) }, now),
      })),
    })),
  };
};
