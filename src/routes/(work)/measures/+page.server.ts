import * as Day from '#domain/day.ts';
import * as Measure from '#domain/measure.ts';
import { answeredBy } from '#domain/unit.ts';
import { db } from '#server/db.ts';
import * as measures from '#server/measures.ts';
import * as units from '#server/units.ts';
import type { PageServerLoad } from './$types';

const most = 200;
/** So many of each kind that waits are named; the rest are one press away. */
const named = 5;

const tabs = ['mine', 'units', 'all'] as const;
type Of = (typeof tabs)[number];

export const load: PageServerLoad = async ({ locals, url }) => {
  locals.gate.ask('measure.see');
  const { main } = db();
  const actor = locals.gate.actor!;
  const today = Day.at(locals.now);
  const tree = await units.tree(main, today);
  const answered = answeredBy(tree, actor.personId);
  const worksIn = tree.filter(({ code }) => actor.worksIn.includes(code)).map(({ id }) => id);
  const own = { ownerId: actor.personId };
  const ours = { unitIds: [...new Set([...answered, ...worksIn])] };

  const given = url.searchParams.get('of');
  const standard: Of = ours.unitIds.length > 0 ? 'units' : 'all';
  const of = tabs.find((one) => one === given) ?? standard;
  const filter = read(url.searchParams);
  const under = tree.findIndex(({ code }) => code === filter.unit);
  const which: measures.Which = {
    ...{ mine: own, units: ours, all: {} }[of],
    ...(of === 'all' && under >= 0 && { unitIds: below(tree, under) }),
    ...(filter.status && { statuses: [filter.status] }),
    ...(filter.way && measures.waiting(filter.way, today)),
    ...(filter.words && { words: filter.words }),
  };
  const [counts, found, shown] = await Promise.all([
    Promise.all([measures.count(main, own), measures.count(main, ours), measures.count(main, {})]),
    measures.count(main, which),
    measures.list(main, which, locals.now, most),
  ]);
  const asked = answered.length > 0 ? { unitIds: answered } : own;
  const isPlain = of === 'units' && Object.values(filter).every((one) => !one);
  const waits = await Promise.all(
    (isPlain ? measures.ways : []).map(async (way) => {
      const all = { ...asked, ...measures.waiting(way, today) };
      return {
        way,
        count: await measures.count(main, all),
        first: await measures.list(main, all, locals.now, named),
      };
    }),
  );
  return {
    of,
    today,
    filter,
    counts: { mine: counts[0], units: counts[1], all: counts[2] },
    found,
    isMany: ours.unitIds.length > 1,
    measures: shown,
    waits: waits.filter(({ count }) => count > 0),
    waitsFor: answered.length > 0 ? ('units' as const) : ('mine' as const),
    units: tree.map(({ code, name, depth }) => ({ code, name, depth })),
    mayWrite: actor.leads.length > 0 || actor.roles.some(({ role }) => role === 'hr' || role === 'quality'),
  };
};

function read(query: URLSearchParams) {
  const status = query.get('status');
  const way = query.get('only');
  return {
    words: (query.get('q') ?? '').trim().slice(0, 200),
    unit: query.get('unit') ?? '',
    status: Measure.isStatus(status) ? status : null,
    way: measures.ways.find((one) => one === way) ?? null,
  };
}

/** A unit and everything below it (ids); the tree has parents before children. */
function below(tree: Awaited<ReturnType<typeof units.tree>>, from: number): string[] {
  const { depth } = tree[from]!;
  const after = tree.slice(from + 1);
  const end = after.findIndex((one) => one.depth <= depth);
  return [tree[from]!, ...(end < 0 ? after : after.slice(0, end))].map(({ id }) => id);
}
