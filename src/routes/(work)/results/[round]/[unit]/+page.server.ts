import { error } from '@sveltejs/kit';
import * as Reading from '#domain/reading.ts';
import { db } from '#server/db.ts';
import * as releases from '#server/releases.ts';
import { read } from './reading.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, url, locals: { gate } }) => {
  const opened = await releases.ofUnit(db().main, gate, params.round, params.unit);
  if (!opened) error(404);
  const { head, unit, before } = opened;
  const about = {
    unit: unit.name,
    round: head.name,
    releasedAt: head.releasedAt,
    dryRun: head.dryRun,
    withdrawn: head.withdrawnAt && { at: head.withdrawnAt, reason: head.withdrawnReason ?? '' },
  };
  const figures = opened.figures;
  if (figures === null) return { about, result: null };
  const found = read({ ...opened, figures }, gate.may);
  if (!found) error(404);

  const asked = url.searchParams.get('sort');
  const sort = Reading.sortings.find((one) => one === asked) ?? 'asked';
  const wanted = url.searchParams.get('by');
  const by = wanted === 'answered' || figures.factors.some((f) => f.id === wanted) ? wanted : null;
  const levels = url.searchParams.get('levels') === 'all' ? 'all' : 'one';
  const here = `/results/${head.roundId}/`;
  const { below, node, beside, lent, ...rest } = found;
  const units = below(by, levels === 'all' ? Infinity : 1);
  return {
    about,
    result: {
      ...rest,
      asked: { from: figures.round.opened, to: figures.round.stopped },
      name: node.name,
      invited: node.invited,
      lent: lent !== null,
      above: beside.above?.name ?? null,
      whole: beside.whole?.name ?? null,
      before: before && { name: before.head.name },
      sort,
      factors: Reading.sorted(rest.factors, sort),
      scales: figures.factors.map(({ id, title, lowest, highest }) => ({ id, title, lowest, highest })),
      by,
      levels,
      deeper: units.some(({ node: { id } }) => figures.tree.some((n) => n.parent === id)) || levels === 'all',
      units: units.map(({ node: at, depth, result }) => ({
        id: at.id,
        name: at.name,
        depth,
        href: at.part === 'whole' ? here + encodeURIComponent(at.units[0]!) : null,
        n: result?.n ?? null,
        invited: at.invited,
        figures: result?.factors ?? {},
      })),
    },
  };
};
