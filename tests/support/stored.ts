import { eq } from 'drizzle-orm';
import type { Effect, Status } from '#domain/measure.ts';
import type { Kind, Source } from '#domain/point.ts';
import * as Release from '#domain/release.ts';
import type { Main } from '#server/db.ts';
import * as measures from '#server/measures.ts';
import * as questionnaires from '#server/questionnaires.ts';
import {
  measure,
  measureEffect,
  measureStatus,
  meeting,
  point,
  release,
  round,
  unit,
} from '#server/schema.ts';
import { must } from './must.ts';
import * as made from './releases.ts';
import { permit } from './town.ts';

const parents: Record<string, string | null> = {
  ...{ F: null, H: 'F', S: 'H', S1: 'S', S2: 'S', S3: 'S', S4: 'S' },
  ...{ J: 'H', J1: 'J', J2: 'J', J3: 'J' },
};

/** The units of the invented releases (tests/support/releases.ts), or some of them, with their ids by code. */
export async function storeUnits(main: Main, codes = Object.keys(parents)): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const code of codes) {
    const parent = parents[code]!;
    const [row] = await main
      .insert(unit)
      .values({ code, name: `Enhet ${code}`, parentId: parent && ids.get(parent), validFrom: '2020-01-01' })
      .returning();
    ids.set(code, row!.id);
  }
  return ids;
}

/** A counted round with its release, of the newest questionnaire with this key. */
export async function storeRelease(
  main: Main,
  id: string,
  key: string,
  at: Date,
  example: Parameters<typeof made.release>[0] = {},
) {
  const asked = (await questionnaires.latest(main, key))!;
  const figures = made.release(example);
  await main.insert(round).values({
    id,
    name: `Runde ${id}`,
    questionnaireId: asked.id,
    unitIds: [],
    dryRun: example.dryRun ?? false,
    state: 'closed',
    opensAt: at,
    stopsAt: at,
    reminders: [],
    rule: { inPostOn: '2027-01-01', minimumShare: 0, kinds: [], includeOnLeave: false },
    thresholds: figures.thresholds,
    tree: { nodes: figures.tree },
  });
  const bytes = Release.serialize(figures);
  await main
    .insert(release)
    .values({ roundId: id, content: figures, bytes, sha256: id, receipts: '', releasedAt: at });
  return figures;
}

type Measure = { title: string; status?: Status; sentence?: string; effect?: Effect; ownerRole?: string };
type Point = {
  kind?: Kind;
  title: string;
  source?: Source;
  ref?: string;
  carriedFromId?: string;
  measures?: Measure[];
};

/** A unit's meeting that has agreed on points, with their measures. agreedAt null: it has not, yet. */
export async function storeMeeting(
  main: Main,
  of: { roundId: string; unitId: string; agreedAt: Date | null; fewerReason?: string; points: Point[] },
) {
  const { roundId, unitId, agreedAt, fewerReason } = of;
  const at = agreedAt ?? new Date(0);
  const [held] = await main
    .insert(meeting)
    .values({
      roundId,
      unitId,
      stage: agreedAt ? 'agreed' : 'preparing',
      fewerReason,
      agreedAt,
      createdAt: at,
    })
    .returning();
  const kept = [];
  for (const [position, one] of of.points.entries()) {
    const { kind = 'improve', title, source = 'own', ref = title, carriedFromId } = one;
    const [row] = await main
      .insert(point)
      .values({ meetingId: held!.id, kind, title, source, ref, position, carriedFromId })
      .returning();
    const measureIds: string[] = [];
    for (const written of one.measures ?? []) {
      const added = must(
        await measures.add(
          main,
          unitId,
          {
            title: 'x',
            expected: 'Det blir bedre',
            ownerId: null,
            ownerRole: written.ownerRole ?? 'Avdelingsleder',
            startsOn: '2025-01-01',
            dueOn: '2025-12-31',
          },
          { pointIds: [row!.id] },
          at,
          permit(),
        ),
      );
      const { title, status = 'not-started', sentence = '', effect } = written;
      // Past the rules: what stands in the table is what has to be shown.
      await main.update(measure).set({ title, status }).where(eq(measure.id, added.id));
      await main.insert(measureStatus).values({ measureId: added.id, status, sentence, at });
      if (effect)
        await main.insert(measureEffect).values({ measureId: added.id, answer: effect, words: '', at });
      measureIds.push(added.id);
    }
    kept.push({ id: row!.id, measureIds });
  }
  return { id: held!.id, points: kept };
}
