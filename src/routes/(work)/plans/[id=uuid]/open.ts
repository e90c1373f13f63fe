import { error } from '@sveltejs/kit';
import { isUuid } from '#domain/uuid.ts';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as plans from '#server/plans.ts';

/** A plan for everybody who works here, with the path of its unit. */
export async function open(gate: Gate, { id }: { id: string }) {
  gate.ask('plan.see');
  const plan = await plans.find(db().main, id);
  if (!plan) error(404);
  return { plan, path: await actors.path(db().main, plan.unit.code) };
}

/** A plan for those who may change it; for others there is no such page. */
export async function openToChange(gate: Gate, params: { id: string }) {
  const { plan, path } = await open(gate, params);
  return { plan, permit: gate.ask('plan.change', { path }) };
}

const nothings = '00000000-0000-0000-0000-000000000000';

/** What a form says is an id; what cannot be one becomes an id that nothing has. */
export const idIn = (form: FormData, name: string): string => asId(form.get(name));
export const asId = (text: unknown): string => (typeof text === 'string' && isUuid(text) ? text : nothings);
