import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Role } from '#domain/access.ts';
import { written } from '#domain/choice.ts';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import { open } from '#server/clock.ts';
import { showKey } from '#server/closing-key.ts';
import type { Box, Main } from '#server/db.ts';
import { freeze } from '#server/freezing.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { house, invitation, person, position, role, unit } from '#server/schema.ts';
import { must } from './must.ts';

/** A small town: two homes under a health area, so many staff in each department, a leader for each unit. */
export async function town(main: Main, sizes: Record<string, number> = { A: 9, B: 12, C: 8 }) {
  await main.insert(house).values({ demo: false, name: 'Testvik' });
  const ids = new Map<string, string>();
  const addUnit = async (code: string, parent: string | null) => {
    const id = randomUUID();
    ids.set(code, id);
    const parentId = parent ? ids.get(parent)! : null;
    await main.insert(unit).values({ id, code, name: `Unit ${code}`, parentId, validFrom: '2020-01-01' });
  };
  await addUnit('K', null);
  await addUnit('H', 'K');
  for (const code of Object.keys(sizes)) await addUnit(code, 'H');
  let number = 0;
  const addPerson = async (code: string, leads = false) => {
    const id = randomUUID();
    const employeeNumber = String(1000 + number++);
    await main.insert(person).values({
      id,
      employeeNumber,
      name: `Person ${employeeNumber}`,
      email: `p${employeeNumber}@testvik.example`,
    });
    await main.insert(position).values({
      key: employeeNumber,
      personId: id,
      unitId: ids.get(code)!,
      validFrom: '2020-01-01',
    });
    if (leads) await main.update(unit).set({ leaderId: id }).where(eq(unit.code, code));
    return id;
  };
  for (const code of ids.keys()) await addPerson(code, true);
  for (let i = 0; i < 6; i++) await addPerson('K');
  for (const [code, size] of Object.entries(sizes)) for (let i = 0; i < size; i++) await addPerson(code);
  return { ids };
}

/** Somebody with each of these roles, for the unit with that code or (null) the whole municipality; their ids. */
export async function roleHolders(main: Main, roles: Partial<Record<Role, string | null>>, givenAt: Date) {
  const holders = new Map<Role, string>();
  for (const [held, code] of Object.entries(roles) as [Role, string | null][]) {
    const id = randomUUID();
    const [of] = code === null ? [] : await main.select().from(unit).where(eq(unit.code, code));
    await main.insert(person).values({ id, name: held, email: `${held}@testvik.example` });
    await main
      .insert(role)
      .values({ personId: id, role: held, unitId: code === null ? null : of!.id, givenAt });
    holders.set(held, id);
  }
  return holders;
}

export const permit = <A extends Permit>() => permitForMachine() as A;

/** A questionnaire of our own, and a round on the whole town, approved. */
export async function approvedRound(main: Main, now: Date, over: Partial<rounds.Plan> = {}) {
  await questionnaires.shipOwn(main, now);
  const asked = (await questionnaires.latest(main, 'employee'))!;
  const planned = must(
    await rounds.plan(
      main,
      {
        name: 'Employee survey',
        questionnaireId: asked.id,
        unitCodes: ['K'],
        opensAt: new Date(now.getTime() + 3600_000),
        stopsAt: new Date(now.getTime() + 22 * 24 * 3600_000),
        rule: { inPostOn: now.toISOString().slice(0, 10), minimumShare: 0, kinds: [], includeOnLeave: false },
        ...over,
      },
      now,
      permit(),
    ),
  );
  must(await rounds.take(main, planned.id, 'approve', now, null));
  return { id: planned.id, questionnaire: asked.content };
}

/** Answers that lie about the middle of each scale, the same for the same seed. */
export function someAnswers(questionnaire: Questionnaire, seed: number): number[] {
  return statements(questionnaire).flatMap((s, i) => {
    const scale = questionnaire.scales.find(({ id }) => id === s.scale)!;
    const at = (more: number) =>
      scale.points[(seed * 7 + i * 3 + ((seed * i) % 5) + more) % scale.points.length]!.value;
    return written(scale, [at(0), at(seed % 3)]);
  });
}

export const invitationsOf = (main: Main, roundId: string) =>
  main.select().from(invitation).where(eq(invitation.roundId, roundId));

/** Freezes a round and shows that the key was kept, so that it may open. */
export async function frozen(t: { main: Main; box: Box }, roundId: string, now: Date) {
  const done = must(await freeze(t.main, t.box, roundId, now, permit()));
  must(await showKey(t.main, roundId, done.keyFile, now, permit()));
  return done;
}

export type OpenRound = { id: string; keyFile: string; links: string[]; questionnaire: Questionnaire };

/** A round in earnest on the whole town, frozen and open now, with one link for each who is invited. */
export async function openInEarnest(t: { main: Main; box: Box }, origin: string): Promise<OpenRound> {
  const begun = new Date();
  const { id, questionnaire } = await approvedRound(t.main, begun);
  const { keyFile } = await frozen(t, id, begun);
  must(await open(t.main, t.box, id, new Date(), null));
  const links: string[] = [];
  // What has nobody is a place for a code, which gets no link.
  for (const invited of (await invitationsOf(t.main, id)).filter(({ personId }) => personId !== null))
    links.push(await newLink(t.main, invited.id, origin, 'nb'));
  return { id, keyFile, links, questionnaire };
}
