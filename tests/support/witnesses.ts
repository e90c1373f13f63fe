import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import * as Opening from '#domain/opening.ts';
import * as Sheet from '#domain/sheet.ts';
import { type Office, offices } from '#domain/witness.ts';
import type { Box, Main } from '#server/db.ts';
import { file } from '#server/frozen.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as proposals from '#server/proposals.ts';
import { person, role } from '#server/schema.ts';
import * as witnesses from '#server/witnesses.ts';
import { must } from './must.ts';

export type Three = Record<Office, { id: string; half: Sheet.Half; permit: Permit<'witness.act'> }>;

/** Three people with the offices, chosen as a round's witnesses, each with a key of their own. */
export async function three(main: Main, roundId: string, now: Date): Promise<Three> {
  const made = {} as Three;
  for (const office of offices) {
    const id = randomUUID();
    const name = `Witness ${office}`;
    await main.insert(person).values({ id, name, email: `${id}@testvik.example` });
    await main.insert(role).values({ personId: id, role: office, givenAt: now });
    made[office] = { id, half: await Sheet.draw(crypto), permit: permitForMachine<'witness.act'>(id) };
  }
  const persons = { dpo: made.dpo.id, union: made.union.id, safety: made.safety.id };
  const choice = { promise: 'witnesses' as const, persons };
  must(await witnesses.choose(main, roundId, choice, now, permitForMachine()));
  for (const { half, permit } of Object.values(made)) {
    must(await witnesses.keep(main, roundId, half.point, now, permit));
  }
  return made;
}

/** What a witness's browser fetches. */
export async function filesOf(
  t: { main: Main; box: Box },
  roundId: string,
  now: Date,
  permit: Permit<'witness.act'>,
): Promise<Opening.Files> {
  const fetched = must(await proposals.ballots(t.main, t.box, roundId, now, permit));
  let ballots = '';
  for await (const line of fetched.lines) ballots += line;
  const frozen = async (path: string) => new Uint8Array((await file(t.main, roundId, path))!.bytes);
  return {
    keylist: await frozen('keylist.json'),
    questionnaire: await frozen('questionnaire.json'),
    tree: await frozen('tree.json'),
    ballots,
  };
}

/** The release that two private halves give, as a browser or tools/open builds it. */
export async function opened(
  files: Opening.Files,
  signs: string,
  secrets: [Uint8Array, Uint8Array],
): Promise<string> {
  const read = must(await Opening.readFiles(files, signs));
  const pair = must(await Opening.keyOfPair(read, secrets, crypto));
  const opening = Opening.begin(read.frame);
  await Opening.count(opening, read.ballots, pair.key);
  return await Opening.release(read.frame, opening);
}

export const giveRole = (main: Main, personId: string, given: string, now: Date) =>
  main.insert(role).values({ personId, role: given, givenAt: now });
export const takeRole = (main: Main, personId: string) =>
  main.delete(role).where(eq(role.personId, personId));
