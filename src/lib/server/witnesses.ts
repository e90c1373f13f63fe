import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { hasFor } from '#domain/access.ts';
import { type State, unfrozen } from '#domain/round.ts';
import { checkWord, isPoint } from '#domain/sheet.ts';
import * as Witness from '#domain/witness.ts';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as people from '#server/people.ts';
import { note, type RoundRow } from '#server/rounds.ts';
import { commentReader, person, round, witness } from '#server/schema.ts';
import { codesOf } from '#server/units.ts';

type Row = typeof witness.$inferSelect;
const inOrder = (a: { office: Witness.Office }, b: { office: Witness.Office }) =>
  Witness.offices.indexOf(a.office) - Witness.offices.indexOf(b.office);

/** A round's witnesses in the order of their offices; none where the operator holds the key. */
export async function rows(main: Main, roundId: string): Promise<Row[]> {
  return (await main.select().from(witness).where(eq(witness.roundId, roundId))).toSorted(inOrder);
}

/** The ids that the gate asks about. */
export const idsOf = async (main: Main, roundId: string): Promise<string[]> =>
  (await rows(main, roundId)).map(({ personId }) => personId);

/** The witnesses as a page shows them: who, and how far each has come. */
export async function list(main: Main, roundId: string) {
  const found = await rows(main, roundId);
  const ids = found.map(({ personId }) => personId);
  const persons = await main
    .select({ id: person.id, name: person.name })
    .from(person)
    .where(inArray(person.id, ids));
  return await Promise.all(
    found.map(async ({ office, personId, point, madeAt, lostAt }) => ({
      ...{ office, personId, madeAt, lostAt },
      name: persons.find(({ id }) => id === personId)!.name,
      checkWord: point === null ? null : await checkWord(point),
    })),
  );
}

type Asked = Pick<RoundRow, 'unitIds'>;

/** Those who hold an office that witnesses are chosen from, with all their roles, and those they have for all who are asked. */
export async function candidates(main: Main, of: Asked, now: Date) {
  const pathOf = await actors.paths(main);
  const paths = (await codesOf(main, of.unitIds)).map(pathOf);
  return (await people.candidates(main, now))
    .filter(({ roles }) => Witness.offices.some((office) => roles.includes(office)))
    .map(({ given, ...one }) => ({
      ...one,
      forAll: one.roles.filter(
        (role) => paths.length > 0 && paths.every((path) => hasFor({ roles: given }, path, role)),
      ),
    }));
}

export type Choice =
  { promise: 'operator' } | { promise: 'witnesses'; persons: Record<Witness.Office, string> };

export type ChooseRefusal =
  | { refusal: 'wrong-state' }
  /** The round has comments, which are read with the operator's key. */
  | { refusal: 'comments' }
  /** A body outside the municipality is to hold the key. */
  | { refusal: 'outside' }
  | { refusal: 'unfit'; faults: Partial<Record<Witness.Office, Witness.Fault>> };

/** Says who holds the closing key. Until the round is frozen it may be said anew; whoever stays keeps a key already made. */
export async function choose(
  main: Main,
  roundId: string,
  choice: Choice,
  now: Date,
  permit: Permit<'witness.name'>,
): Promise<{ ok: true } | ({ ok: false } & ChooseRefusal)> {
  return await main.transaction(async (tx) => {
    const open = await openToChange(tx, roundId);
    if (!open) return { ok: false, refusal: 'wrong-state' };
    if (choice.promise === 'witnesses' && open.outsideBody !== null) return { ok: false, refusal: 'outside' };
    const persons = choice.promise === 'witnesses' ? choice.persons : null;
    const mine = eq(commentReader.roundId, roundId);
    if (persons && (await tx.select().from(commentReader).where(mine)).length > 0)
      return { ok: false, refusal: 'comments' };
    if (persons) {
      const faults = await faultsOf(tx, open, persons, now);
      if (Object.keys(faults).length > 0) return { ok: false, refusal: 'unfit', faults };
    }
    const before = await rows(tx, roundId);
    await tx.delete(witness).where(eq(witness.roundId, roundId));
    for (const [office, personId] of Object.entries(persons ?? {}) as [Witness.Office, string][]) {
      const { point = null, madeAt = null } = before.find((one) => one.personId === personId) ?? {};
      await tx.insert(witness).values({ roundId, office, personId, point, madeAt });
    }
    await tx.update(round).set({ promise: choice.promise }).where(eq(round.id, roundId));
    await note(tx, roundId, `keys ${choice.promise}`, now, permit.by);
    return { ok: true };
  });
}

async function faultsOf(tx: Main, of: Asked, persons: Record<Witness.Office, string>, now: Date) {
  const all = await candidates(tx, of, now);
  const chosen = (office: Witness.Office) => all.find(({ personId }) => personId === persons[office]) ?? null;
  return Witness.faults({ dpo: chosen('dpo'), union: chosen('union'), safety: chosen('safety') });
}

/** Whether those who were chosen may still be witnesses: roles may have come and gone since. */
export async function areFit(main: Main, of: Asked, chosen: Row[], now: Date): Promise<boolean> {
  const persons = Object.fromEntries(chosen.map(({ office, personId }) => [office, personId]));
  const faults = await faultsOf(main, of, persons as Record<Witness.Office, string>, now);
  return Object.keys(faults).length === 0;
}

/** Whom the round asks and who outside holds its key; null when it is frozen. Holds its row, so that nobody freezes meanwhile. */
async function openToChange(tx: Main, roundId: string) {
  const [found] = await tx
    .select({ state: round.state, unitIds: round.unitIds, outsideBody: round.outsideBody })
    .from(round)
    .where(eq(round.id, roundId))
    .for('update');
  return found && unfrozen.includes(found.state as State) ? found : null;
}

/**
 * Takes the public half that a witness's own device has made. The private half never comes here. Refuses a half that
 * stands on another sheet: another witness's, or one of another round, so that an old sheet opens nothing.
 */
export async function keep(
  main: Main,
  roundId: string,
  point: unknown,
  now: Date,
  permit: Permit<'witness.act'>,
): Promise<{ ok: true } | { ok: false; refusal: 'wrong-state' | 'malformed' | 'taken' }> {
  if (!(await isPoint(point))) return { ok: false, refusal: 'malformed' };
  return await main.transaction(async (tx) => {
    if (!(await openToChange(tx, roundId))) return { ok: false, refusal: 'wrong-state' };
    const sheets = await tx
      .select()
      .from(witness)
      .where(eq(witness.point, point as string));
    if (sheets.some((one) => one.roundId !== roundId || one.personId !== permit.by))
      return { ok: false, refusal: 'taken' };
    await tx
      .update(witness)
      .set({ point: point as string, madeAt: now, lostAt: null })
      .where(mine(roundId, permit));
    await note(tx, roundId, 'make sheet', now, permit.by);
    return { ok: true };
  });
}

/** A witness's sheet is gone. Before freezing its key is forgotten and a new one can be made; afterwards it is written down. */
export async function lose(main: Main, roundId: string, now: Date, permit: Permit<'witness.act'>) {
  await main.transaction(async (tx) => {
    const lost = (await openToChange(tx, roundId)) ? { point: null, madeAt: null } : { lostAt: now };
    const had = and(mine(roundId, permit), isNotNull(witness.point), isNull(witness.lostAt));
    const changed = await tx.update(witness).set(lost).where(had).returning({ office: witness.office });
    if (changed.length > 0) await note(tx, roundId, 'lose sheet', now, permit.by);
  });
}

const mine = (roundId: string, { by }: Permit) =>
  and(eq(witness.roundId, roundId), eq(witness.personId, by ?? ''));
