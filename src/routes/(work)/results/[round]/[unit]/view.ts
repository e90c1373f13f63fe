import * as Reading from '#domain/reading.ts';
import type { Figures, UnitRelease } from '#server/releases.ts';
import type { read } from './reading.ts';

/** What the page says, whether there are figures to show or not. group: whom the unit is counted together with. */
export const about = ({ head, unit }: Pick<UnitRelease, 'head' | 'unit'>, group: string | null) => ({
  group,
  unit: unit.name,
  round: head.name,
  dryRun: head.dryRun,
  withdrawn: head.withdrawnAt && { at: head.withdrawnAt, reason: head.withdrawnReason ?? '' },
});

/** A reading laid out as the reader asked for: sort=, levels= and by= of the address, anything else as if not there. */
export function view(
  opened: Pick<UnitRelease, 'head' | 'before'> & { figures: Figures },
  reading: ReturnType<typeof read>,
  query: URLSearchParams,
) {
  const { head, before, figures } = opened;
  const { below, node, beside, ...rest } = reading;
  const sort = Reading.sortings.find((one) => one === query.get('sort')) ?? 'asked';
  const wanted = query.get('by');
  const by = wanted === 'answered' || figures.factors.some((f) => f.id === wanted) ? wanted : null;
  const levels = query.get('levels') === 'all' ? 'all' : 'one';
  const units = below(by, levels === 'all' ? Infinity : 1);
  const hasChildren = new Set(figures.tree.map((n) => n.parent));
  return {
    ...rest,
    asked: { from: figures.round.opened, to: figures.round.stopped },
    name: node.name,
    invited: node.invited,
    above: beside.above?.name ?? null,
    whole: beside.whole?.name ?? null,
    before: before && { name: before.head.name },
    sort,
    factors: Reading.sorted(rest.factors, sort),
    scales: figures.factors.map(({ id, title, lowest, highest }) => ({ id, title, lowest, highest })),
    by,
    levels,
    deeper: levels === 'all' || units.some((row) => hasChildren.has(row.node.id)),
    units: units.map(({ node: at, depth, result }) => ({
      id: at.id,
      name: at.name,
      depth,
      href: at.part === 'whole' ? `/results/${head.roundId}/${encodeURIComponent(at.units[0]!)}` : null,
      n: result?.n ?? null,
      invited: at.invited,
      figures: result?.factors ?? {},
    })),
  };
}

export type View = ReturnType<typeof view>;
