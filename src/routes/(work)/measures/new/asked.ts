import { error } from '@sveltejs/kit';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as places from '#server/measure-places.ts';

/** The query of the page, for the forms to carry on. */
const carried = ['unit', 'point', 'goal', 'item', 'to'] as const;

/**
 * What the address asks for: the unit that the measure is for (of the point, else of the goal's plan, else as given)
 * and the places it is to stand in, all of them asked the gate for. unit null: none is given.
 */
export async function asked(gate: Gate, query: URLSearchParams) {
  const { main } = db();
  const given = Object.fromEntries(carried.map((name) => [name, query.get(name) || undefined]));
  const found = await places.asked(main, given);
  const unit = found?.point?.unit ?? found?.goal?.unit ?? given.unit ?? null;
  const path = unit === null ? [] : await actors.path(main, unit);
  const permit = unit === null ? null : gate.ask('measure.change', { path });
  if (found === null || (unit !== null && path.length === 0)) {
    gate.ask('measure.see');
    error(404);
  }
  if (found.goal) gate.ask('plan.change', { path: await actors.path(main, found.goal.unit) });
  if (found.item) gate.ask('mandate.see');
  const kept = carried.flatMap((name) => (given[name] ? [[name, given[name]]] : []));
  return { ...found, unit, permit, query: new URLSearchParams(kept).toString() };
}
