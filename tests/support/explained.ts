import type { FactorFigure, NodeResult, Release, StatementFigure } from '#domain/release.ts';
import type { Numeral } from './crawl.ts';

/** Every number that follows from what some releases say, as it may be written. Not shared with the program. */
type Explained = (of: Numeral, drawn?: boolean) => boolean;

const oneDecimal = (value: number) => Math.round(value * 10) / 10;

/** The forms in which a figure may be drawn or written exactly: the value, where it stands on its scale, what is left. */
export function forms(mean: number, [lowest, highest]: [number, number]): number[] {
  const place = (mean - lowest) / (highest - lowest);
  return [mean, place, place * 100, 100 - place * 100];
}

/** The bar of a distribution, its middle in the middle: the ends of its steps and their widths, of 100. */
export function bar({ n, distribution }: Pick<StatementFigure, 'n' | 'distribution'>): number[] {
  const middle = (distribution.length - 1) / 2;
  const left = distribution.reduce(
    (sum, count, i) => sum + (i < middle ? count : i === middle ? count / 2 : 0),
    0,
  );
  let at = -left;
  return distribution.flatMap((count) => {
    const from = 50 + (50 * at) / n;
    at += count;
    return [from, (50 * count) / n];
  });
}

const upper = (distribution: number[]) =>
  distribution.slice(Math.ceil(distribution.length / 2)).reduce((sum, count) => sum + count, 0);

export function explained(releases: Release[]): Explained {
  const whole = new Set<number>();
  const shares = new Set<number>([0, 25, 50, 75, 100]);
  // Below this no difference is made much of, which pages say.
  const tenths = new Set<number>([0.2]);
  const exact: number[] = [0.2, 0.5, 0.75, 0.25];
  const means = new Map<string, number[]>();
  const share = (part: number, of: number) => {
    shares.add(Math.round((100 * part) / of));
    exact.push(part / of, (100 * part) / of);
  };
  for (const release of releases) {
    const codes = new Map(release.tree.map((node) => [node.id, node.units.join()]));
    const ends = new Map<string, [number, number]>();
    for (const { id, statements, lowest, highest } of release.factors) {
      for (const one of [id, ...statements]) ends.set(one, [lowest, highest]);
      tenths.add(oneDecimal(highest - 0.2)).add(oneDecimal(lowest + 0.2));
      exact.push(20 / (highest - lowest), 100 - 20 / (highest - lowest), highest - 0.2, lowest + 0.2);
    }
    const show = ({ n, factors, statements, choices = {} }: NodeResult, node: string | null) => {
      whole.add(n);
      const figures: [string, FactorFigure | StatementFigure][] = [
        ...Object.entries(factors),
        ...Object.entries(statements),
      ];
      for (const [id, figure] of figures) {
        if (!('mean' in figure)) continue;
        const [lowest, highest] = ends.get(id) ?? [1, 5];
        whole.add(figure.n);
        tenths.add(oneDecimal(figure.mean));
        exact.push(...forms(figure.mean, [lowest, highest]));
        shares.add(Math.round((100 * (figure.mean - lowest)) / (highest - lowest)));
        const key = `${node} ${id}`;
        if (node !== null) means.set(key, [...(means.get(key) ?? []), oneDecimal(figure.mean)]);
        if (!('distribution' in figure)) continue;
        for (const count of figure.distribution) {
          whole.add(count);
          share(count, figure.n);
        }
        share(upper(figure.distribution), figure.n);
        exact.push(...bar(figure));
      }
      for (const { n: asked, chosen } of Object.values(choices)) {
        whole.add(asked);
        for (const count of chosen) {
          whole.add(count);
          share(count, asked);
        }
      }
    };
    for (const node of release.tree) {
      whole.add(node.invited);
      const result = release.results[node.id];
      if (!result) continue;
      share(result.n, node.invited);
      show(result, codes.get(node.id)!);
    }
    for (const byCategory of (release.breakdowns ?? []).flatMap(({ results }) => Object.values(results)))
      for (const result of Object.values(byCategory)) show(result, null);
    for (const result of Object.values(release.onBehalf?.results ?? {})) show(result, null);
    for (const count of Object.values(release.helpers?.counts ?? {})) whole.add(count);
    const { invited, received, counted } = release.ballots;
    for (const count of [invited, received, counted]) whole.add(count);
    share(counted, invited);
  }
  // A change is the difference of what is shown on both sides.
  for (const sides of means.values())
    for (const one of sides) for (const other of sides) tenths.add(oneDecimal(Math.abs(one - other)));
  const sorted = exact.sort((a, b) => a - b);
  const nearest = (value: number) => {
    let [low, high] = [0, sorted.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return Math.min(Math.abs(sorted[low]! - value), Math.abs((sorted[low - 1] ?? Infinity) - value));
  };
  return ({ value, decimals, percent }, drawn = false) => {
    if (drawn && (decimals > 0 || percent) && nearest(value) <= 1e-6) return true;
    if (decimals >= 2) return nearest(value) <= 0.501 * 10 ** -Math.min(decimals, 9);
    if (decimals === 1) return percent ? nearest(value) <= 0.0501 : tenths.has(value);
    return percent ? shares.has(value) : whole.has(value);
  };
}
