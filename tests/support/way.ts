import { randomUUID } from 'node:crypto';
import type { Written } from '#domain/point.ts';
import * as Point from '#domain/point.ts';
import * as Release from '#domain/release.ts';
import type { Main } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { release, round, unit } from '#server/schema.ts';
import * as made from './releases.ts';

/** A home with two wards and the levels above, with leaders to be chosen; codes as in the invented releases. */
export async function home(main: Main): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const units: [string, string | null][] = [
    ['F', null],
    ['H', 'F'],
    ['S', 'H'],
    ['S1', 'S'],
    ['S2', 'S'],
  ];
  for (const [code, parent] of units) {
    const [row] = await main
      .insert(unit)
      .values({ code, name: `Enhet ${code}`, parentId: parent && ids.get(parent), validFrom: '2020-01-01' })
      .returning();
    ids.set(code, row!.id);
  }
  return ids;
}

/** A counted round of the employee survey, released then. */
export async function released(main: Main, id: string, at: Date, seed = 3) {
  const asked = (await questionnaires.latest(main, 'employee'))!;
  const figures = made.release({ seed });
  await main.insert(round).values({
    id,
    name: `Runde ${id}`,
    questionnaireId: asked.id,
    unitIds: [],
    state: 'closed',
    opensAt: at,
    stopsAt: at,
    reminders: [],
    rule: { inPostOn: '2027-01-01', minimumShare: 0, kinds: [], includeOnLeave: false },
    thresholds: figures.thresholds,
    tree: { nodes: figures.tree },
  });
  await main.insert(release).values({
    roundId: id,
    content: figures,
    bytes: Release.serialize(figures),
    sha256: randomUUID(),
    receipts: '',
    releasedAt: at,
  });
  return figures;
}

/** The form for points as somebody fills it in. */
export const form = (over: Partial<Written> = {}): Written => ({ ...Point.written([], null), ...over });
