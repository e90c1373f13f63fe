import { expect, test } from 'vitest';
import { type Actor, may } from '#domain/access.ts';
import { own } from '#domain/questionnaires/own.ts';
import * as Reading from '#domain/reading.ts';
import type { Figures, Head } from '#server/releases.ts';
import { csvForMachines } from '#server/spreadsheet.ts';
import { asking } from '#tests/support/choices.ts';
import * as made from '#tests/support/releases.ts';
import { sheets, tableForExcel, tableForMachines } from './figures.ts';
import { read } from './reading.ts';
import { view } from './view.ts';

const now = new Date('2027-03-25T12:00:00Z');
const path = { S: ['F', 'H', 'S'], S1: ['F', 'H', 'S', 'S1'], S3: ['F', 'H', 'S', 'S3'], J: ['F', 'H', 'J'] };
path satisfies Record<string, string[]>;

const opened = (code: string, figures: Figures, before: Figures | null = null) => {
  const head: Head = {
    roundId: 'abcdefgh',
    name: figures.round.name,
    kind: figures.round.kind,
    dryRun: false,
    stopsAt: now,
    releasedAt: now,
    sha256: '',
    withdrawnAt: null,
    withdrawnReason: null,
    without: [],
    evaluated: null,
    leadings: null,
  };
  return {
    head,
    unit: { code, name: `Enhet ${code}` },
    path: path[code as keyof typeof path] ?? [],
    figures,
    before: before && { head, figures: before, succession: [] },
  };
};
const everything = () => true;
const as = (who: Partial<Actor>) => (action: Parameters<typeof may>[1], subject: Parameters<typeof may>[2]) =>
  may({ personId: '', name: '', roles: [], leads: [], worksIn: [], ...who }, action, subject, now);
const readAll = (code: string, figures: Figures, who = everything as ReturnType<typeof as>) => {
  const found = Reading.ofUnit(figures, code);
  return read(opened(code, figures), found!.node!, found!.lent, who);
};

test('a unit finds its own result, its group’s, or the level above lent to it', () => {
  const figures = made.release({ ballots: { '0011': 3 } });
  expect(Reading.ofUnit(figures, 'S1')).toMatchObject({ group: null, node: { id: '0004' }, lent: false });
  expect(Reading.ofUnit(figures, 'S3')).toMatchObject({
    group: 'Avdeling Selje og Nattjenesten',
    node: { id: '0006' },
    lent: false,
  });
  expect(Reading.ofUnit(figures, 'J3')).toMatchObject({ group: null, node: { id: '0008' }, lent: true });
  expect(Reading.ofUnit(figures, 'X')).toBeNull();
});

test('what is lent is the factors alone', () => {
  const reading = readAll('J3', made.release({ ballots: { '0011': 3 } }));
  expect(reading.factors.some((row) => row.ours)).toBe(true);
  expect([reading.statements, reading.notices, reading.below(null)]).toEqual([[], [], []]);
});

test('in a leader evaluation nobody reads what is said of several leaders together, nor borrows', () => {
  const of = own.find((q) => q.kind === 'leader')!;
  const figures = made.release({ of, ballots: { '0011': 3 } });
  expect(Reading.ofUnit(figures, 'S1')).toMatchObject({ node: { id: '0004' } });
  expect(Reading.ofUnit(figures, 'S3')).toMatchObject({ node: null });
  expect(Reading.ofUnit(figures, 'J3')).toMatchObject({ node: null });
  const beside = readAll('S1', figures, as({ leads: ['S1'] })).beside;
  expect(beside).toEqual({ above: null, whole: null });
  expect(readAll('S1', figures, as({ leads: ['S', 'S1'] })).beside.above?.id).toBe('0003');
});

test('the table of units has only those that the reader may open', () => {
  const figures = made.release();
  const below = (who: Partial<Actor>, code = 'S') =>
    readAll(code, figures, as(who))
      .below(null)
      .map((row) => row.node.id);
  expect(below({ leads: ['H'] })).toEqual(['0004', '0005', '0006', '0007']);
  expect(below({ roles: [{ role: 'safety', unit: 'S1' }] })).toEqual(['0004']);
  expect(below({ worksIn: ['S'] })).toEqual([]);
});

test('the page is laid out as asked, and as usual when asked for nonsense', () => {
  const figures = made.release();
  const laid = (query: string) =>
    view(opened('S', figures), readAll('S', figures), new URLSearchParams(query));
  expect(laid('sort=highest&levels=all&by=role-clarity')).toMatchObject({
    sort: 'highest',
    levels: 'all',
    by: 'role-clarity',
  });
  expect(laid('sort=x&levels=x&by=x')).toMatchObject({ sort: 'asked', levels: 'one', by: null });
  expect(laid('').units.map((unit) => unit.href)).toEqual([
    '/results/abcdefgh/S1',
    '/results/abcdefgh/S2',
    null,
    null,
  ]);
});

test('a withheld figure is the same words everywhere, and has no number beside it', () => {
  const figures = made.release({ ballots: { '0011': 3, '0010': 8 } });
  const reading = readAll('J', figures);
  const machine = tableForMachines(reading, figures);
  const column = (name: string) => machine.head.indexOf(name);
  const withheld = machine.rows.filter((row) => row[column('withheld')] === 'yes');
  expect(withheld.length).toBeGreaterThan(0);
  for (const row of withheld)
    expect([row[column('n')], row[column('mean')], row[column('step_1')], row[column('step_5')]]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  const patrol = withheld.filter((row) => row[column('unit')] === 'Kveldspatruljen');
  expect(patrol).toHaveLength(figures.factors.length + figures.statements.length);
  expect(patrol.every((row) => row[column('answered')] === null)).toBe(true);

  const excel = tableForExcel(reading, figures);
  const ours = excel.rows.filter((row) => row[0] === 'Kveldspatruljen');
  expect(new Set(ours.map((row) => row[5]))).toEqual(new Set(['Vises ikke, for å verne dem som svarte.']));
  const units = sheets(reading, figures).find((sheet) => sheet.name === 'Enheter')!;
  expect(units.rows.find((row) => String(row[0]).trim() === 'Kveldspatruljen')!.slice(2)).toEqual([
    'Vises ikke, for å verne dem som svarte.',
    null,
    ...figures.factors.map(() => 'Vises ikke, for å verne dem som svarte.'),
  ]);
});

test('the file for machines carries every shown figure exactly', () => {
  const figures = made.release();
  const table = tableForMachines(readAll('S1', figures), figures);
  const [head, ...lines] = csvForMachines(table).trimEnd().split('\r\n');
  expect(head).toMatch(/^node,unit_codes,unit,invited,answered,kind,id,text,n,mean,bound,step_1,/);
  expect(lines).toHaveLength(figures.factors.length + figures.statements.length);
  for (const row of table.rows.filter((one) => one[5] === 'statement')) {
    const figure = figures.results['0004']!.statements[row[6] as string]!;
    expect(row.slice(8, 16)).toEqual([figure.n, figure.mean, null, ...figure.distribution]);
  }
});

test('a municipality is shown by role, and a home is not', () => {
  const figures = made.release({ background: (_, person) => [person % 5] });
  const reading = readAll('F', figures);
  expect(reading.apart!.categories.map(({ id }) => id)).toEqual([
    ...['professional', 'skilled', 'support', 'leader', 'none'],
  ]);
  expect(reading.apart!.shown!.n.reduce((a, b) => a + b, 0)).toBe(reading.n);
  expect(reading.apart!.shown!.rows.map((row) => row.id)).toEqual(figures.factors.map(({ id }) => id));
  expect(readAll('S', figures).apart).toBeNull();
  expect(sheets(reading, figures).at(-1)!.name).toBe('Etter rolle');
  const machine = tableForMachines(reading, figures);
  const [group, factor, mean] = ['group', 'id', 'mean'].map((name) => machine.head.indexOf(name));
  const skilled = machine.rows.filter((row) => row[0] === '0001' && row[group!] === 'skilled');
  const expected = figures.breakdowns![0]!.results['0001']!.skilled!.factors;
  for (const row of skilled) expect(expected[row[factor!] as string]).toMatchObject({ mean: row[mean!] });
  expect(skilled).toHaveLength(figures.factors.length);
});

test('an area where a few have a role has no figures by role, and no numbers of it', () => {
  const figures = made.release({ background: (group, person) => [group === '0009' && person < 3 ? 4 : 1] });
  const reading = readAll('H', figures);
  expect(reading.apart).toMatchObject({ kind: 'role', shown: null });
  expect(sheets(reading, figures).at(-1)!.rows).toEqual([
    ['Svar', ...Array<string>(5).fill('Vises ikke, for å verne dem som svarte.')],
  ]);
  const machine = tableForMachines(reading, figures);
  const group = machine.head.indexOf('group');
  const leaders = machine.rows.filter((row) => row[group] === 'leader');
  expect(leaders).toHaveLength(figures.factors.length);
  expect(leaders.every((row) => row[4] === null && row[8] === null && row[group - 1] === 'yes')).toBe(true);
});

test('nothing is said of roles where nobody has told', () => {
  expect(readAll('H', made.release()).apart).toBeNull();
});

test('answers on behalf are a result of their own', () => {
  const of = own.find((q) => q.kind === 'resident')!;
  const background = (_: string, person: number) => [1 + (person % 3), person % 3 === 0 ? 0 : 1];
  const figures = made.release({ of, background });
  const reading = readAll('J', figures);
  expect(reading.apart!.kind).toBe('mode');
  expect(reading.apart!.categories.map(({ id }) => id)).toEqual(['alone', 'help', 'none']);
  expect(reading.apart!.shown!.n.reduce((a, b) => a + b, 0)).toBe(reading.n);
  expect(readAll('F', figures).onBehalf!.n).toBe(figures.onBehalf!.results['0001']!.n);
  expect(reading.helpers).toEqual([]);
  expect(readAll('F', figures).helpers).toMatchObject([{ n: expect.any(Number) }]);
  expect(
    sheets(reading, figures)
      .map((sheet) => sheet.name)
      .slice(-2),
  ).toEqual(['Slik ble det svart', 'Svart på vegne av en annen']);
});

test('a question of named answers is in every file with a row for each answer, and no mean', () => {
  const figures = made.release({ of: asking(3, 4) });
  const reading = readAll('S', figures);
  const [one, several] = reading.choices;
  expect([one?.options.length, several?.options.length]).toEqual([3, 4]);
  const ours = several!.ours!;
  const sheet = sheets(reading, figures).find(({ name }) => name === 'Spørsmål med svarliste')!;
  expect(sheet.rows).toHaveLength(7);
  expect(sheet.rows[3]).toEqual([
    'Spørsmål several',
    'Svar 1',
    ours.chosen[0],
    { share: ours.chosen[0]! / ours.n },
    ours.n,
    // Withheld at the level above: nine others would be told of.
    expect.any(String),
    'Hver kunne velge flere, så summen kan bli over 100 %.',
  ]);
  const machine = tableForMachines(reading, figures);
  const cells = (row: unknown[]) => Object.fromEntries(machine.head.map((name, i) => [name, row[i]]));
  const rows = machine.rows
    .map(cells)
    .filter(({ node, kind }) => node === reading.node.id && kind === 'choice');
  expect(
    rows.map(({ id, option, chosen, n, mean, withheld }) => [id, option, chosen, n, mean, withheld]),
  ).toEqual(
    [one!, several!].flatMap((row) =>
      row.options.map((_, i) => [row.id, i + 1, row.ours!.chosen[i], row.ours!.n, null, 'no']),
    ),
  );
  const people = tableForExcel(reading, figures);
  expect(people.head.slice(-2)).toEqual(['Svar i listen', 'Valgt av']);
  expect(people.rows.find((row) => row[3] === 'Spørsmål')?.at(-1)).toBe(one!.ours!.chosen[0]);
  // Where the round asked none, the files are as they always were.
  expect(tableForMachines(readAll('S', made.release()), made.release()).head).not.toContain('option');
});
