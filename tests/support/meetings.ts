import { eq } from 'drizzle-orm';
import type { Marks, Stage } from '#domain/meeting.ts';
import * as Point from '#domain/point.ts';
import type { Place } from '#server/candidates.ts';
import * as candidates from '#server/candidates.ts';
import type { Main } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import { unit } from '#server/schema.ts';
import * as votes from '#server/votes.ts';
import { must } from './must.ts';
import { permit } from './town.ts';

/** A unit's open meeting, taken so far. In voting there are three candidates of each kind. */
export async function meetingOf(main: Main, roundId: string, unitCode: string, stage: Stage, now: Date) {
  const { id: meetingId } = must(await meetings.ensure(main, roundId, unitCode, now, permit()));
  await meetings.open(main, meetingId, permit());
  const [of] = await main.select().from(unit).where(eq(unit.code, unitCode));
  const place: Place = { meetingId, roundId, unitId: of!.id, unitCode };
  for (const to of ['alone', 'together', 'voting'] as const) {
    if ((await meetings.find(main, meetingId))!.stage === stage) break;
    if (to === 'voting')
      for (const kind of ['keep', 'improve'] as const)
        for (const words of ['one', 'two', 'three'])
          await candidates.add(main, place, { kind, offer: null, words: `${kind} ${words}` }, permit());
    must(await meetings.go(main, meetingId, to, now, permit()));
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

/** The form for points as somebody fills it in. */
export const form = (over: Partial<Point.Written> = {}): Point.Written => ({
  ...Point.written([], null),
  ...over,
});
