import { error } from '@sveltejs/kit';
import * as Reading from '#domain/reading.ts';
import * as assessments from '#server/assessments.ts';
import { db } from '#server/db.ts';
import * as evaluations from '#server/evaluations.ts';
import type { Gate } from '#server/gate.ts';
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
  const evaluation = head.kind === 'leader' ? await ofLeader(gate, params) : null;
  const rest = { said, meeting, evaluation };
  if (figures === null) return { about: about(opened, null), ...rest, result: null };
  const found = Reading.ofUnit(figures, params.unit, head.without.includes(params.unit));
  if (!found) error(404);
  const { group, node, lent } = found;
  const reading = node && read({ ...opened, figures }, node, lent, gate.may);
  return {
    about: about(opened, group),
    ...rest,
    result: reading && view({ ...opened, figures }, reading, url.searchParams),
  };
};

/** The leader's own note beside the report, where this reader sees it, and the way to the talk. */
async function ofLeader(gate: Gate, params: { round: string; unit: string }) {
  const { main } = db();
  const of = await evaluations.find(main, gate, params.round, params.unit);
  if (!of) return null;
  const { mine, leader, outcome } = of;
  const href = `/evaluations/${params.round}/${encodeURIComponent(params.unit)}`;
  return { href, mine, leader, outcome, note: await assessments.seen(main, gate, of) };
}
