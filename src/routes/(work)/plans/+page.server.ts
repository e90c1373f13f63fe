import * as Day from '#domain/day.ts';
import { pathsOf } from '#domain/unit.ts';
import { db } from '#server/db.ts';
import * as plans from '#server/plans.ts';
import * as units from '#server/units.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate, now }, url }) => {
  gate.ask('plan.see');
  const { main } = db();
  const tree = await units.tree(main, Day.at(now));
  const paths = pathsOf(tree);
  const { leads = [], worksIn = [], roles = [] } = gate.actor ?? {};
  const own = [...leads, ...worksIn, ...roles.flatMap(({ unit }) => unit ?? [])];
  // And those right below.
  const near = tree.filter(({ parent }) => parent !== null && own.includes(parent)).map(({ code }) => code);
  const mine = new Set([...own.flatMap((code) => paths.get(code) ?? []), ...near]);
  const chosen = tree.find(({ code }) => code === url.searchParams.get('unit'));
  const within = chosen && tree.filter(({ code }) => paths.get(code)?.includes(chosen.code));
  const idsOf = (some: typeof tree) => some.map(({ id }) => id);
  return {
    mine: await plans.list(main, idsOf(tree.filter(({ code }) => mine.has(code)))),
    units: tree.map(({ code, name, depth }) => ({ value: code, text: name, depth })),
    chosen: chosen && { code: chosen.code, name: chosen.name },
    found: within && (await plans.list(main, idsOf(within))),
    mayBegin: tree.some(({ code }) => gate.may('plan.change', { path: paths.get(code) ?? [] })),
  };
};
