import { randomUUID } from 'node:crypto';
import type { TreeNode } from '#domain/round.ts';
import type { Step } from '#domain/step.ts';
import type { Main } from '#server/db.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { release, round, step } from '#server/schema.ts';

type Released = {
  id: string;
  units: { id: string; code: string }[];
  releasedAt: Date;
  key?: string;
  dryRun?: boolean;
  withdrawn?: boolean;
};

/** A released round as the follow-up meets it: its units and its day. It has no figures that anybody could read. */
export async function released(main: Main, of: Released): Promise<string> {
  const { id, units, releasedAt, key = 'employee', dryRun = false, withdrawn = false } = of;
  await questionnaires.shipOwn(main, releasedAt);
  const asked = (await questionnaires.latest(main, key))!;
  const nodes: TreeNode[] = units.map(({ code }, i) => ({
    ...{ id: String(i), parent: i === 0 ? null : '0', part: 'whole' as const, name: code, units: [code] },
    ...{ level: null, invited: 9, group: true },
  }));
  await main.insert(round).values({
    ...{ id, name: `Survey ${id}`, questionnaireId: asked.id, unitIds: [units[0]!.id], state: 'closed' },
    ...{ dryRun, opensAt: releasedAt, stopsAt: releasedAt, reminders: [], tree: { nodes } },
    rule: { inPostOn: '2026-01-01', minimumShare: 0, kinds: [], includeOnLeave: false },
    thresholds: { factor: 5, statement: 10, invited: 7 },
  });
  await main.insert(release).values({
    ...{ roundId: id, content: {} as never, bytes: '{}', sha256: randomUUID(), receipts: '', releasedAt },
    ...(withdrawn && { withdrawnAt: releasedAt, withdrawnReason: 'Prøve' }),
  });
  return id;
}

export async function took(main: Main, roundId: string, unitId: string, at: Date, ...steps: Step[]) {
  await main.insert(step).values(steps.map((one) => ({ roundId, unitId, step: one, at })));
}
