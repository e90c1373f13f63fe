import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Marks, Stage } from '#domain/meeting.ts';
import * as Release from '#domain/release.ts';
import type { Place } from '#server/candidates.ts';
import * as candidates from '#server/candidates.ts';
import type { Main } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { release, round, unit } from '#server/schema.ts';
import * as votes from '#server/votes.ts';
import * as made from './releases.ts';
import { permit } from './town.ts';

/** The units of the invented tree, and its questionnaire. */
export async function units(main: Main, now: Date) {
  await questionnaires.shipOwn(main, now);
  const parents: [string, string | null][] = [
    ['F', null],
    ['H', 'F'],
    ['S', 'H'],
    ['J', 'H'],
    ...['S1', 'S2', 'S3', 'S4'].map((code): [string, string] => [code, 'S']),
    ...['J1', 'J2', 'J3'].map((code): [string, string] => [code, 'J']),
  ];
  const ids = new Map<string, string>();
  for (const [code, parent] of parents) {
    const [added] = await main
      .insert(unit)
      .values({ code, name: `Enhet ${code}`, parentId: parent && ids.get(parent), validFrom: '2020-01-01' })
      .returning();
    ids.set(code, added!.id);
  }
}

/** A round that was released then, of invented figures. */
export async function released(
  main: Main,
  id: string,
  at: Date,
  example: Parameters<typeof made.release>[0] & { key?: string } = {},
) {
  const asked = (await questionnaires.latest(main, example.key ?? 'employee'))!;
  const figures = made.release(example);
  await main.insert(round).values({
    ...{ id, name: `Runde ${id}`, questionnaireId: asked.id, unitIds: [], state: 'closed' },
    ...{ opensAt: at, stopsAt: at, reminders: [], dryRun: example.dryRun ?? false },
    rule: { inPostOn: '2027-01-01', minimumShare: 0, kinds: [], includeOnLeave: false },
    thresholds: figures.thresholds,
    tree: { nodes: figures.tree },
  });
  const bytes = Release.serialize(figures);
  const stored = { roundId: id, content: figures, bytes, sha256: randomUUID(), receipts: '', releasedAt: at };
  await main.insert(release).values(stored);
}

/** A unit's open meeting, taken so far. In voting there are three candidates of each kind. */
export async function meetingOf(main: Main, roundId: string, unitCode: string, stage: Stage, now: Date) {
  const ensured = await meetings.ensure(main, roundId, unitCode, now, permit());
  if (!ensured.ok) throw new Error(ensured.refusal);
  const meetingId = ensured.id;
  await meetings.open(main, meetingId, permit());
  const [of] = await main.select().from(unit).where(eq(unit.code, unitCode));
  const place: Place = { meetingId, roundId, unitId: of!.id, unitCode };
  for (const to of ['alone', 'together', 'voting'] as const) {
    if ((await meetings.find(main, meetingId))!.stage === stage) break;
    if (to === 'voting')
      for (const kind of ['keep', 'improve'] as const)
        for (const words of ['one', 'two', 'three'])
          await candidates.add(main, place, { kind, offer: null, words: `${kind} ${words}` }, permit());
    const went = await meetings.go(main, meetingId, to, now, permit());
    if (!went.ok) throw new Error(went.refusal);
  }
  const { code } = (await meetings.find(main, meetingId))!;
  return { ...place, code: code! };
}

/** A phone that has joined: its cookie, and the ticket in it. */
export async function phone(main: Main, code: string) {
  const room = (await votes.enter(main, code))!;
  const cookie = (await votes.join(main, room))!;
  return { cookie, ticket: (await votes.admit(main, code, cookie))! };
}

/** Ids of a meeting's candidates by kind. */
export async function candidateIds(main: Main, meetingId: string): Promise<Marks> {
  const all = await candidates.list(main, meetingId);
  const of = (kind: string) => all.filter((one) => one.kind === kind).map(({ id }) => id);
  return { keep: of('keep'), improve: of('improve') };
}
