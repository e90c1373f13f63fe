import { daysUntilEveryone } from '#domain/access.ts';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import * as releases from '#server/releases.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { gate } }) => {
  const listed = await releases.list(db().main, gate);
  return {
    days: daysUntilEveryone,
    evaluations: (await evaluations.list(db().main, gate)).map(({ round, unit, leader, mine }) => ({
      href: `/evaluations/${round.id}/${encodeURIComponent(unit.code)}`,
      ...{ round: round.name, dryRun: round.dryRun, unit: unit.name, leader, mine },
    })),
    results: listed.map(({ head, unit }) => ({
      href: `/results/${head.roundId}/${encodeURIComponent(unit.code)}`,
      unit: unit.name,
      round: head.name,
      releasedAt: head.releasedAt,
      dryRun: head.dryRun,
      withdrawn: head.withdrawnAt !== null,
    })),
  };
};
