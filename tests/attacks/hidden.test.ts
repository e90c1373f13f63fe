import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import * as Outcome from '#domain/outcome.ts';
import * as Reading from '#domain/reading.ts';
import type { Release } from '#domain/release.ts';
import { m } from '#messages';
import type { Head } from '#server/releases.ts';
import { csvForExcel, csvForMachines, xlsx } from '#server/spreadsheet.ts';
import {
  sheets,
  tableForExcel,
  tableForMachines,
} from '../../src/routes/(work)/results/[round]/[unit]/figures.ts';
import { read } from '../../src/routes/(work)/results/[round]/[unit]/reading.ts';
import { answered, asked, cases, derivable, leaks, mean } from '../support/attacker.ts';
import { type Ballots, chance, released, tree } from '../support/survey.ts';

/* What is withheld, and ways to have it all the same. */

const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
const next = chance(41);
const free = (n: number) => Array.from({ length: n }, () => [0, 1, 2, 3].map(() => 1 + next(5)));
const left = (n: number) => free(n).map(([, , third, fourth]) => [255, 255, third!, fourth!]);
const all = { A: free(14), B: free(15), C: free(16) };
const causes: [string, Ballots][] = [
  ['few answered it', { ...all, A: [...left(11), ...free(3)], C: free(20) }],
  ['all answered alike', { ...all, A: free(14).map(([, , third, fourth]) => [4, 4, third!, fourth!]) }],
  ['it would give a sister away', { ...all, A: free(11), B: [...left(12), ...free(3)], C: free(20) }],
];

describe('what is hidden', () => {
  test('is the same bytes whatever the cause: none', () => {
    const bytes = causes.map(([cause, ballots]) => {
      const { release, id } = released(asked, units, ballots);
      expect([cause, release.results[id('A')]?.factors.f1]).toEqual([cause, undefined]);
      const { factors, statements } = release.results[id('A')]!;
      const others = ['f2', 'f2s1', 'a1'];
      const rest = (figures: object) =>
        Object.fromEntries(Object.entries(figures).filter(([figure]) => !others.includes(figure)));
      return JSON.stringify([rest(factors), rest(statements)]);
    });
    expect(bytes).toEqual(['[{},{}]', '[{},{}]', '[{},{}]']);
  });

  test('and a whole unit too: few in it, or few beside it', () => {
    const few = released(asked, units, { ...all, A: free(3), C: free(30) });
    const beside = released(asked, units, { ...all, A: free(6), B: free(3), C: free(30) });
    for (const { release, id } of [few, beside])
      expect(JSON.stringify(release.results)).not.toContain(`"${id('A')}"`);
  });
});

describe('what is hidden, in the files that are taken home', () => {
  const figures = ['Faktor 1', 'Utsagn f1s1', 'Utsagn f1s2'];
  type Rows = ReturnType<typeof sheets>[number]['rows'];
  /** A careless file: it says why. */
  const saying = (cause: string, rows: Rows): Rows =>
    rows.map((row) => row.map((cell) => (cell === m.common_withheld() ? `${cell} (${cause})` : cell)));

  /** Every cell of every sheet, in the rows of what is hidden, as it lies in the file: its style, its kind and its content. */
  function cellsOf(xlsx: Uint8Array): Record<string, string[][]> {
    const parts = unzipSync(xlsx);
    const shared = [...strFromU8(parts['xl/sharedStrings.xml'] ?? new Uint8Array()).matchAll(/<si>[\s\S]*?<\/si>/g)]; // prettier-ignore
    const texts = shared.map(([one]) => one.replaceAll(/<[^>]*>/g, ''));
    return Object.fromEntries(
      Object.entries(parts)
        .filter(([name]) => name.includes('worksheets/sheet'))
        .map(([name, part]) => [
          name,
          [...strFromU8(part).matchAll(/<row\b[\s\S]*?<\/row>/g)].map(([row]) =>
            [...row.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)].map(([, about, inside = '']) => {
              const value = inside.replaceAll(/<[^>]*>/g, '');
              const place = /r="([A-Z]+)/.exec(about!)?.[1] ?? '';
              const said = /t="s"/.test(about!) ? texts[Number(value)] : value;
              return `${place} ${about!.replace(/r="[A-Z]+\d+"/, '').trim()} ${said}`;
            }),
          ),
        ]),
    );
  }

  /** What each file says of the first factor of A and its statements; n of the unit itself, which is told, left out. */
  async function filesOf([cause, ballots]: (typeof causes)[number], isCareless: boolean) {
    const { release, id } = released(asked, units, ballots);
    const readOf = (code: string) => {
      const head = { roundId: 'r1', kind: 'employee', releasedAt: new Date(0), stopsAt: new Date(0) } as Head;
      const path = code === 'K' ? ['K'] : ['K', code];
      const opened = { head, unit: { code, name: code }, path, figures: release, before: null };
      return read(
        opened,
        release.tree.find((node) => node.id === id(code))!,
        false,
        () => true,
      );
    };
    const as = <S extends { rows: Rows }>(sheet: S): S =>
      isCareless ? { ...sheet, rows: saying(cause, sheet.rows) } : sheet;
    const book = async (code: string) =>
      Object.values(cellsOf(await xlsx(sheets(readOf(code), release).map(as))));
    const [factors, statements] = (await book('A')) as [string[][], string[][]];
    const below = (await book('K')).at(-1)!;
    const has = (row: string[], text: string) => row.some((cell) => cell.endsWith(` ${text}`));
    const lines = (text: string) =>
      text.split('\r\n').filter((line) => figures.some((one) => line.includes(one)));
    const excel = lines(csvForExcel(as(tableForExcel(readOf('A'), release))));
    const machine = lines(csvForMachines(as(tableForMachines(readOf('A'), release))));
    return {
      // Of the sheet of factors the unit's own columns; beside them stands the level above, which is shown.
      factor: factors.filter((row) => has(row, figures[0]!)).map((row) => row.filter((one) => /^[ABC] /.test(one))),
      statements: statements.filter((row) => figures.slice(1).some((one) => has(row, one))),
      below: below.filter((row) => has(row, 'A')).map((row) => row.filter((one) => one.startsWith('E '))),
      excel: excel.map((line) => line.split(';').toSpliced(2, 1).join(';')),
      machine: machine.map((line) => line.split(',').toSpliced(4, 1).join(',')),
    }; // prettier-ignore
  }

  test('a file that says why is told from another', async () => {
    const told = await Promise.all(causes.map((one) => filesOf(one, true)));
    for (const form of ['factor', 'statements', 'below', 'excel'] as const)
      expect(new Set(told.map((files) => JSON.stringify(files[form]))).size, form).toBe(causes.length);
  });

  test('is the same in every file whatever the cause', async () => {
    const told = await Promise.all(causes.map((one) => filesOf(one, false)));
    expect(told[0]).toMatchObject({ factor: [{}], statements: [{}, {}], below: [[{}]] });
    for (const form of ['excel', 'machine'] as const) expect(told[0]![form]).toHaveLength(3);
    for (const other of told.slice(1)) expect(other).toEqual(told[0]);
  });
});

/** What a release would be if somebody put in by hand what was worked out from the ballots of one group. */
function shownToo(
  release: Release,
  node: string,
  ballots: number[][],
  id: string,
  places: number[],
): Release {
  const given = ballots.filter((marks) => places.some((at) => answered(marks[at]!)));
  const all = given.flatMap((marks) => places.map((at) => marks[at]!)).filter(answered);
  const figure = { n: given.length, mean: mean(all) };
  const own = release.results[node] ?? { n: ballots.length, factors: {}, statements: {} };
  return {
    ...release,
    results: { ...release.results, [node]: { ...own, factors: { ...own.factors, [id]: figure } } },
  };
}

describe('leaders alone in an inner unit', () => {
  const units = tree([
    {
      code: 'K',
      under: [{ code: 'H', under: [{ code: 'A' }, { code: 'B' }], leaders: true }, { code: 'S' }],
    },
  ]);
  const some = (n: number) =>
    Array.from({ length: n }, (_, i) => [1 + (i % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);
  const ballots = { A: some(12), B: some(14), 'H, leaders': some(2), S: some(13) };
  const ids = (names: string[]) => units.nodes.filter(({ name }) => names.includes(name)).map(({ id }) => id);

  test('are what is left of a unit whose departments are all shown', () => {
    expect(derivable(units, ids(['K', 'H', 'A', 'B', 'S']))).toContainEqual(['H, leaders']);
    expect(derivable(units, ids(['K', 'A', 'B', 'S']))).toContainEqual(['H, leaders']);
  });

  test('are left of none in the release', () => {
    const { release, id } = released(asked, units, ballots);
    expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
    expect(Object.keys(release.results)).toContain(id('K'));
  });
});

describe('everybody answered', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }], 12);
  const mixed = Array.from({ length: 12 }, (_, i) => [
    1 + (i % 5),
    1 + ((i * 2) % 5),
    2 + (i % 3),
    1 + (i % 4),
  ]);

  test.each([
    ['the same', Array.from({ length: 12 }, () => [4, 2, 3, 4])],
    ['the same, but one', Array.from({ length: 12 }, (_, i) => [i ? 4 : 3, 2, i ? 3 : 2, i ? 4 : 5])],
    ['the best there is, almost', Array.from({ length: 9 }, (_, i) => [5, i < 2 ? 4 : 5, 5, 5])],
  ])('%s, and so did all invited: n tells that, and no figure what', (_, A) => {
    const ballots = { A, B: mixed, C: mixed };
    const { release, id } = released(asked, units, ballots);
    const weak = shownToo(release, id('A'), A, 'f1', [0, 1]);
    expect(leaks(weak, units, ballots, release.thresholds).join()).toMatch(
      /f1 of A: (nearly unanimous|at the end)/,
    );
    expect(leaks(release, units, ballots, release.thresholds)).toEqual([]);
    // All of K less both sisters is A once more.
    const left = release.results[id('K')]?.factors.f1;
    const sisters = ['B', 'C'].filter((name) => release.results[id(name)]?.factors.f1);
    expect(left !== undefined && sisters.length === 2).toBe(false);
    expect(release.results[id('A')]?.n).toBe(A.length);
  });
});

describe('a factor with one hidden statement', () => {
  /** The sum of a statement's answers, from its factor's mean and the other statement. */
  const worked = (result: Release['results'][string]) => {
    const factor = result.factors.f1;
    const [first, second] = ['f1s1', 'f1s2'].map((one) => result.statements[one]);
    if (!factor || !('mean' in factor) || !first || second) return null;
    return factor.mean * 2 * factor.n - first.mean * first.n;
  };
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const some = (n: number) =>
    Array.from({ length: n }, (_, i) => [1 + (i % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);

  test('gives it away', () => {
    const A = some(12);
    const { release, id } = released(asked, units, { A, B: some(15) });
    const { f1s2, ...rest } = release.results[id('A')]!.statements;
    const told = worked({ ...release.results[id('A')]!, statements: rest });
    expect(told).toBeCloseTo(f1s2!.mean * f1s2!.n, 9);
    expect(told).toBeCloseTo(
      A.reduce((sum, marks) => sum + marks[1]!, 0),
      9,
    );
  });

  test('is in no release: they are shown all together or not at all', () => {
    let [all, none] = [0, 0];
    for (const one of fc.sample(cases, { numRuns: 200, seed: 11 })) {
      const { release } = released(asked, one.units, one.ballots);
      for (const result of Object.values(release.results)) {
        expect(worked(result)).toBeNull();
        const shown = ['f1s1', 'f1s2'].filter((id) => result.statements[id]).length;
        expect(shown).not.toBe(1);
        if (shown === 2) all++;
        else if (result.factors.f1) none++;
      }
    }
    expect(all).toBeGreaterThan(50);
    expect(none).toBeGreaterThan(50);
  });
});

describe('a change with one hidden side', () => {
  const units = tree([{ code: 'K', under: [{ code: 'A' }, { code: 'B' }] }]);
  const some = (n: number, add: number) =>
    Array.from({ length: n }, (_, i) => [1 + ((i + add) % 5), 1 + ((i * 3) % 5), 2 + (i % 3), 1 + (i % 4)]);
  const agreed = Array.from({ length: 13 }, () => [2, 4, 2, 3]);
  const few = released(asked, units, { A: agreed, B: some(14, 1) });
  const full = released(asked, units, { A: some(12, 0), B: some(15, 0) });

  test.each([
    ['then', few, full],
    ['now', full, few],
  ])('hidden %s, gives the other side away; so nothing is said of it', (side, before, after) => {
    const [then, now] = [before, after].map(({ release, id }) => release.results[id('A')]?.factors.f1);
    expect([then, now].filter(Boolean)).toHaveLength(1);
    // Weaker: the change itself, worked out when counting, beside the one side that is shown.
    const hidden = mean(agreed.flatMap((marks) => marks.slice(0, 2)));
    const shown = ((then ?? now) as { mean: number }).mean;
    const change = side === 'then' ? shown - hidden : hidden - shown;
    expect(side === 'then' ? shown - change : shown + change).toBeCloseTo(hidden, 9);
    const node = after.release.tree.find(({ name }) => name === 'A')!;
    const row = Reading.ofNode(after.release, before.release, node, false).factors.find(
      ({ id }) => id === 'f1',
    )!;
    expect(Reading.change(row)).toBeNull();
    expect(side === 'then' ? row.earlier : row.ours).toBeNull();
    expect(Reading.notices([row])).toEqual(Reading.notices([{ ...row, earlier: null }]));
  });
});

describe('outcomes beside the answers', () => {
  const ballots = { invited: 60, counted: 41 };
  const limit = 5;
  /** What somebody reads who has all numbers but one, and knows that together they are those invited. */
  const missing = (shown: (number | null)[]) =>
    shown.filter((n) => n === null).length === 1
      ? ballots.invited - shown.reduce<number>((sum, n) => sum + (n ?? 0), 0)
      : null;

  test('the weak way hides the small number alone, and it is what is left of those invited', () => {
    const { unknown, ...of } = { brokenOff: 6, unwilling: 8, unable: 2, unknown: 3 };
    const shown = [ballots.counted, unknown, ...Object.values(of).map((n) => (n < limit ? null : n))];
    expect(missing(shown)).toBe(2);
  });

  test('of residents none is told where one is small, and all of them else', () => {
    fc.assert(
      fc.property(fc.nat(7), fc.nat(7), fc.nat(5), (brokenOff, unwilling, unable) => {
        const of = { brokenOff, unwilling, unable };
        const { numbers } = Outcome.coverage(ballots, Outcome.keep(of, limit));
        const isSmall = Object.values(of).some((n) => n > 0 && n < limit);
        expect(numbers === null).toBe(isSmall);
        if (!numbers) return;
        const { unknown, ...kinds } = numbers;
        expect(Object.values(kinds).reduce((sum, n) => sum + n, ballots.counted + unknown)).toBe(
          ballots.invited,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
