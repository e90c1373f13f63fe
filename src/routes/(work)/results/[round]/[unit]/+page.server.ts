import { error } from '@sveltejs/kit';
import * as Reading from '#domain/reading.ts';
import { db } from '#server/db.ts';
import * as releases from '#server/releases.ts';
import type { PageServerLoad } from './$types';
import { read } from './reading.ts';
import { about, view } from './view.ts';

export const load: PageServerLoad = async ({ params, url, locals: { gate } }) => {
  const opened = await releases.ofUnit(db().main, gate, params.round, params.unit);
  if (!opened) error(404);
  const { figures, head, path, unit } = opened;
  const told = head.kind !== 'leader' && gate.may('said.see', { path });
  const said = told ? `/said/${encodeURIComponent(unit.code)}` : null;
  const isMet = head.kind !== 'leader' && !head.dryRun && !head.withdrawnAt;
  const meeting = isMet ? `/meetings/${head.roundId}/${encodeURIComponent(unit.code)}` : null;
  if (figures === null) return { about: about(opened, null), said, meeting, result: null };
  const found = Reading.ofUnit(figures, params.unit, head.without.includes(params.unit));
  if (!found) error(404);
  const { group, node, lent } = found;
  const reading = node && read({ ...opened, figures }, node, lent, gate.may);
  return {
    about: about(opened, group),
    said,
    meeting,
    result: reading && view({ ...opened, figures }, reading, url.searchParams),
  };
};
