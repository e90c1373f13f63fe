import { eq } from 'drizzle-orm';
import type { Written } from '#domain/measure.ts';
import type { Main } from '#server/db.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as statuses from '#server/measure-status.ts';
import * as measures from '#server/measures.ts';
import { position, unit } from '#server/schema.ts';
import { permit, town } from '#tests/support/town.ts';

export const now = new Date('2027-03-01T10:00:00Z');

export const written = (over: Partial<Written> = {}): Written => ({
  title: 'Avvik gjennomgås i hvert personalmøte',
  expected: 'Flere avvik fører til forbedring',
  ownerId: null,
  ownerRole: 'Ansvarsvakt',
  startsOn: '2027-03-01',
  dueOn: '2027-06-01',
  ...over,
});
export const by = <A extends Permit>(personId: string) => permitForMachine(personId) as A;

/** The small town with who leads and somebody employed in each unit, by its code, and measures to write there. */
export async function measuringTown(main: Main) {
  const { ids: units } = await town(main);
  const leader = new Map<string, string>();
  const employee = new Map<string, string>();
  for (const [code, id] of units) {
    const [led] = await main.select().from(unit).where(eq(unit.id, id));
    leader.set(code, led!.leaderId!);
    const staff = await main.select().from(position).where(eq(position.unitId, id));
    employee.set(code, staff.find((one) => one.personId !== led!.leaderId)?.personId ?? '');
  }

  async function add(code = 'A', over: Partial<Written> = {}, at: measures.Places = {}) {
    const added = await measures.add(main, units.get(code)!, written(over), at, now, permit());
    if (!added.ok) throw new Error(added.refusals.join());
    return added.id;
  }
  const find = async (id: string) => (await measures.find(main, id, now))!;
  const seen = async (id: string) => (await find(id)).said.id;
  const waits = (way: measures.Way, of: measures.Which) =>
    measures.list(main, { ...of, ...measures.waiting(way, '2027-03-01') }, now);

  async function set(id: string, status: string, sentence = 'Fordi', at = now) {
    const wanted = { status, sentence, seen: await seen(id) };
    return statuses.set(main, id, wanted, at, by(leader.get('A')!));
  }

  return { units, leader, employee, add, find, seen, waits, set };
}
