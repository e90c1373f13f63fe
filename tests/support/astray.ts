import type { RoundTree } from '#domain/round.ts';
import type * as Release from '#domain/release.ts';
import { type Handed, type Numeral, numerals, pieces } from './crawl.ts';
import { bar, type explained } from './explained.ts';

/** Of pages that tell of a survey's result, every number in words and cells is a figure. */
const tells = /^\/(results|meetings|said|m|evaluations)\//;
/** A meeting's guide lasts for an hour; the answering page shows how a result looks, by an invented one. */
const beside: [RegExp, string[]][] = [
  [/\/guide/, ['60']],
  [/^\/svar\//, ['4,1', '4.1', '76.19999999999999', '60.8']],
  [/\.ics$/, ['2.0']],
];

type Explained = ReturnType<typeof explained>;

/**
 * Every number of what was handed out that does not follow from the releases. doors: words that chance makes, and that
 * a number may stand in. isFigure: which pieces of text are about a result, so that whole numbers are judged there too.
 */
export function astray(
  all: Handed[],
  holds: Explained,
  doors: string[] = [],
  isMoved: (of: Handed, text: string) => boolean = () => false,
): string[] {
  const found: string[] = [];
  for (const one of all) {
    const told = tells.test(one.at);
    const known = beside.flatMap(([at, spelt]) => (at.test(one.at) ? spelt : []));
    for (const { where, text, figure, drawn } of pieces(one)) {
      const isFigure =
        (told && (figure || /^(text|comment|title|alt|aria-.*)$/.test(where))) || isMoved(one, text);
      for (const number of numerals(doors.reduce((rest, code) => rest.replaceAll(code, ' '), text))) {
        const whole = number.decimals === 0 && !number.percent;
        // Nothing in these towns is counted in thousands: those are years, numbers of employees and addresses.
        if (whole && (!isFigure || number.value >= 1000)) continue;
        if (!holds(number, drawn) && !known.includes(number.spelt))
          found.push(`${one.to}: ${one.at} ${where}: ${number.spelt}`);
      }
    }
  }
  return found;
}

type Hidden = { node: string; id: string; n: number; mean: number; distribution: number[] | null };

/** What is withheld in a round, worked out by hand from its ballots by group: marks of statements, in their order. */
export function hiddenIn(of: {
  tree: RoundTree;
  ballots: Record<string, number[][]>;
  release: Release.Release;
}): Hidden[] {
  const { tree, ballots, release } = of;
  const isUnder = (id: string, top: string): boolean =>
    id === top ||
    tree.nodes.some((node) => node.id === id && node.parent !== null && isUnder(node.parent, top));
  const statements = release.statements.map(({ id }) => id);
  const values = new Map(release.scales.map(({ id, points }) => [id, points.map(({ value }) => value)]));
  const valuesOf = new Map(release.statements.map(({ id, scale }) => [id, values.get(scale)!]));
  const figures = [
    ...release.factors.map((one) => ({ id: one.id, of: one.statements })),
    ...statements.map((id) => ({ id, of: [id] })),
  ];
  return tree.nodes.flatMap((node) => {
    const all = Object.entries(ballots).flatMap(([group, given]) => (isUnder(group, node.id) ? given : []));
    const result = release.results[node.id];
    return figures.flatMap(({ id, of }) => {
      const shown = result?.factors[id] ?? result?.statements[id];
      if (all.length === 0 || (shown && 'mean' in shown)) return [];
      const answers = all.flatMap((marks) => of.map((one) => marks[statements.indexOf(one)]!));
      const mean = answers.reduce((sum, mark) => sum + mark, 0) / answers.length;
      const distribution =
        of.length > 1
          ? null
          : valuesOf.get(id)!.map((value) => answers.filter((answer) => answer === value).length);
      return [{ node: node.id, id, n: all.length, mean, distribution }];
    });
  });
}

export const numeral = (value: number, decimals = 0, percent = false): Numeral => ({
  spelt: String(value),
  ...{ value, decimals, percent },
});

/** The mean of something withheld that can be told from all that is shown, in every form. */
export const toldApart = (hidden: Hidden[], holds: Explained): number =>
  hidden.find(
    ({ mean }) =>
      !holds(numeral(Math.round(mean * 10) / 10, 1)) &&
      !holds(numeral(mean, 9), true) &&
      !holds(numeral((mean - 1) * 25, 9, true), true),
  )!.mean;

/** How wide a step is in the bar of something withheld, that nothing shown is. */
export const wide = (hidden: Hidden[], holds: Explained): number =>
  hidden
    .flatMap(({ n, distribution }) => (distribution ? bar({ n, distribution }) : []))
    .find((width) => width > 0 && !holds(numeral(width, 9, true), true))!;

/** A number of persons that nothing shown has. */
export const unlike = (holds: Explained): number =>
  Array.from({ length: 90 }, (_, n) => n + 10).find((n) => !holds(numeral(n)))!;
