import * as Day from '#domain/day.ts';
import * as FollowUp from '#domain/follow-up.ts';
import { asked } from './asked.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url, locals: { gate, now } }) => {
  const { overview, filter, rows } = await asked(gate, url, now);
  const { rounds, round, areas } = overview;
  const inArea = FollowUp.filtered(overview.rows, { ...filter, stuckOnly: false });
  return {
    today: Day.at(now),
    ...{ rounds, round, areas, filter },
    summary: FollowUp.summary(inArea),
    rows: rows.map(({ unit: { code, name, depth }, ...row }) => ({ unit: { code, name, depth }, ...row })),
  };
};
