import { error } from '@sveltejs/kit';
import * as Reading from '#domain/reading.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as releases from '#server/releases.ts';
import { read } from './reading.ts';

/** The figures of a unit for a file, or the same "not found" as the page gives. */
export async function open(gate: Gate, params: { round: string; unit: string }) {
  const opened = await releases.ofUnit(db().main, gate, params.round, params.unit);
  if (!opened?.figures) error(404);
  const { figures } = opened;
  const found = Reading.ofUnit(figures, params.unit, opened.head.without.includes(params.unit));
  if (!found?.node) error(404);
  const reading = read({ ...opened, figures }, found.node, found.lent, gate.may);
  return { reading, figures, name: `${opened.head.name} ${found.node.name}` };
}
