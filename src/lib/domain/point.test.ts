import { describe, expect, it } from 'vitest';
import * as Point from '#domain/point.ts';
import * as made from '#tests/support/releases.ts';

const offers: Point.Offer[] = [
  { source: 'factor', ref: 'support', title: { nb: 'Støtte', nn: 'Stønad', en: 'Support' } },
  { source: 'factor', ref: 'mastery', title: { nb: 'Mestring' } },
  { source: 'statement', ref: 's1', title: { nb: 'Vi lærer av feil' } },
  { source: 'statement', ref: 's2', title: { nb: 'Jeg blir hørt' } },
  { source: 'earlier', ref: 'p1', title: { nb: 'Tonen mellom oss' } },
];
const nothing = Point.written([], null);
const filled = (over: Partial<Point.Written> = {}): Point.Written => ({
  ...nothing,
  'keep-1': 'factor:support',
  'keep-2': 'earlier:p1',
  'improve-1': 'statement:s1',
  'improve-2': 'own',
  'improve-2-title': 'Roligere morgener',
  ...over,
});
const choose = (over: Partial<Point.Written> = {}, base = nothing, language = 'nb') =>
  Point.choose(offers, filled(over), base, language);
const refused = (over: Partial<Point.Written>) => {
  const done = choose(over);
  return done.ok ? 'ok' : done.refusals;
};

describe('the four points', () => {
  it('are kept with the words of what they are made of, or the room’s own', () => {
    expect(choose({ 'keep-2-title': ' Den gode tonen ' })).toEqual({
      ok: true,
      fewerReason: null,
      points: [
        { kind: 'keep', source: 'factor', ref: 'support', title: 'Støtte', position: 0 },
        { kind: 'keep', source: 'earlier', ref: 'p1', title: 'Den gode tonen', position: 1 },
        { kind: 'improve', source: 'statement', ref: 's1', title: 'Vi lærer av feil', position: 0 },
        {
          kind: 'improve',
          source: 'own',
          ref: 'Roligere morgener',
          title: 'Roligere morgener',
          position: 1,
        },
      ],
    });
  });

  it.each([
    ['nn', 'Stønad'],
    ['en', 'Support'],
    ['se', 'Støtte'],
  ])('take their words in the reader’s language: %s', (language, title) => {
    expect(choose({}, nothing, language)).toMatchObject({ points: [{ title }, {}, {}, {}] });
  });

  it.each<[string, Partial<Point.Written>, unknown]>([
    ['as they are', {}, 'ok'],
    ['words without a choice', { 'improve-2': '' }, 'ok'],
    ['something not offered', { 'keep-1': 'factor:gone' }, [{ refusal: 'unknown', slot: 'keep-1' }]],
    ['own words without words', { 'improve-2-title': ' ' }, [{ refusal: 'words', slot: 'improve-2' }]],
    ['the same twice', { 'keep-2': 'factor:support' }, [{ refusal: 'twice', slot: 'keep-2' }]],
    [
      'the same to keep and to improve',
      { 'improve-1': 'factor:support', 'improve-1-title': 'Noe annet' },
      [{ refusal: 'twice', slot: 'improve-1' }],
    ],
    ['the same words twice', { 'improve-2-title': 'STØTTE' }, [{ refusal: 'twice', slot: 'improve-2' }]],
    ['300 signs', { 'keep-1-title': 'x'.repeat(300) }, 'ok'],
    ['301 signs', { 'keep-1-title': 'x'.repeat(301) }, [{ refusal: 'long', slot: 'keep-1' }]],
    ['one of a kind without a reason', { 'keep-2': '' }, [{ refusal: 'reason' }]],
    ['one of a kind with a blank reason', { 'keep-2': '', reason: ' ' }, [{ refusal: 'reason' }]],
    ['one of a kind with a reason', { 'keep-2': '', reason: 'som rapportert' }, 'ok'],
    ['none of a kind with a reason', { 'keep-1': '', 'keep-2': '', reason: 'som rapportert' }, 'ok'],
    ['a reason too long', { 'keep-2': '', reason: 'x'.repeat(501) }, [{ refusal: 'reason-long' }]],
    ['none at all', { ...nothing, reason: 'Vi fant ingen' }, [{ refusal: 'none' }]],
    [
      'two things wrong',
      { 'keep-1': 'factor:gone', 'improve-2-title': '' },
      [
        { refusal: 'unknown', slot: 'keep-1' },
        { refusal: 'words', slot: 'improve-2' },
      ],
    ],
  ])('%s', (_, over, expected) => {
    expect(refused(over)).toEqual(expected);
  });

  it('keep a reason only where there are fewer', () => {
    expect(choose({ reason: 'Ikke nødvendig' })).toMatchObject({ fewerReason: null });
    expect(choose({ 'keep-1': '', reason: ' Bare ett var viktig ' })).toMatchObject({
      fewerReason: 'Bare ett var viktig',
      points: [{ source: 'earlier', position: 0 }, {}, {}],
    });
  });

  it('come back to the form as they are kept', () => {
    const first = choose();
    if (!first.ok) throw new Error('refused');
    const form = Point.written(first.points, null);
    expect(form).toEqual({
      ...filled(),
      'keep-1-title': 'Støtte',
      'keep-2-title': 'Tonen mellom oss',
      'improve-1-title': 'Vi lærer av feil',
      'improve-2': 'own:Roligere morgener',
    });
    const known = [
      ...offers,
      { source: 'own' as const, ref: 'Roligere morgener', title: { nb: 'Roligere morgener' } },
    ];
    expect(Point.choose(known, form, form, 'nb')).toEqual(first);
  });

  it.each<[string, Partial<Point.Written>, unknown]>([
    ['another choice takes its own words', { 'keep-1': 'factor:mastery' }, { title: 'Mestring' }],
    [
      'another choice with new words takes those',
      { 'keep-1': 'factor:mastery', 'keep-1-title': 'Nytt' },
      { source: 'factor', title: 'Nytt' },
    ],
    ['own words may be what stood there', { 'keep-1': 'own' }, { source: 'own', title: 'Støtte' }],
    [
      'a choice taken away takes its words along',
      { 'keep-1': '', reason: 'Ett holder' },
      { source: 'earlier' },
    ],
  ])('words left beside another choice: %s', (_, over, first) => {
    const kept = choose();
    if (!kept.ok) throw new Error('refused');
    const base = Point.written(kept.points, null);
    const own = { source: 'own' as const, ref: 'Roligere morgener', title: { nb: 'Roligere morgener' } };
    const done = Point.choose([...offers, own], { ...base, ...over }, base, 'nb');
    expect(done.ok && done.points[0]).toMatchObject(first as object);
  });
});

describe('what a unit can make points of', () => {
  const figures = made.release({ ballots: { '0010': 7, '0011': 3 } });
  const counted = (unit: string) =>
    Object.entries(Object.groupBy(Point.offered(figures, unit), ({ source }) => source)).map(
      ([source, own]) => [source, own.length],
    );
  const [factors, statements] = [figures.factors.length, figures.statements.length];

  it('is all that is shown of it, the factors alone where that is all, and those above where nothing is', () => {
    expect(counted('J1')).toEqual([
      ['factor', factors],
      ['statement', statements],
    ]);
    const few = Object.fromEntries(counted('J2')) as Record<string, number>;
    expect(few.factor).toBeGreaterThan(0);
    expect(few.statement).toBeUndefined();
    expect(counted('J3')).toEqual([['factor', factors]]);
    expect(counted('X')).toEqual([]);
    const within = Point.offered(figures, 'J1').flatMap((offer) => offer.within ?? []);
    expect(new Set(within)).toEqual(new Set(figures.factors.map(({ id }) => id)));
  });
});

it('asks for causes of points to improve that have none', () => {
  const points = [
    { kind: 'keep' as const, title: 'K', causes: [] },
    { kind: 'improve' as const, title: 'I1', causes: [{}] },
    { kind: 'improve' as const, title: 'I2', causes: [] },
  ];
  expect(Point.unexplained(points).map(({ title }) => title)).toEqual(['I2']);
});

describe('a theme that several meetings chose', () => {
  it('is offered once, the first that is named, and not beside the same of the result', () => {
    const of = (...titles: string[]) => titles.map((nb) => ({ title: { nb } }));
    const cases: [string[], string[]][] = [
      [
        ['Tonen', 'Roen'],
        ['Tonen', 'Roen'],
      ],
      [
        ['Tonen', 'Roen', 'tonen '],
        ['Tonen', 'Roen'],
      ],
      [['MESTRING', 'Stønad', 'Tonen'], ['Tonen']],
    ];
    for (const [given, left] of cases) expect(Point.distinct(of(...given), offers)).toEqual(of(...left));
    expect(Point.distinct(of('Mestring'))).toEqual(of('Mestring'));
  });
});

describe('agreeing', () => {
  const ready = { agreedAt: null, stage: 'ended', presented: true, fewerReason: null, counted: true };
  const points = (...measures: number[]) =>
    measures.map((count, i) => ({
      kind: i < 2 ? ('keep' as const) : ('improve' as const),
      title: `P${i + 1}`,
      measures: count,
    }));
  it.each([
    ['two and two, a measure each', ready, points(1, 1, 3, 1), { ok: true }],
    ['again', { ...ready, agreedAt: new Date(0) }, points(1, 1, 1, 1), { ok: false, refusal: 'agreed' }],
    [
      'before the results were presented',
      { ...ready, presented: false },
      points(1, 1, 1, 1),
      { ok: false, refusal: 'not-presented' },
    ],
    [
      'while a vote is running',
      { ...ready, stage: 'voting' },
      points(1, 1, 1, 1),
      { ok: false, refusal: 'voting' },
    ],
    ['nothing', { ...ready, fewerReason: 'x' }, [], { ok: false, refusal: 'none' }],
    ['three', ready, points(1, 1, 1), { ok: false, refusal: 'reason' }],
    ['three with a reason', { ...ready, fewerReason: 'som rapportert' }, points(1, 1, 1), { ok: true }],
    [
      'points without a measure',
      ready,
      points(1, 0, 1, 0),
      { ok: false, refusal: 'measures', titles: ['P2', 'P4'] },
    ],
    [
      'before who took part is counted',
      { ...ready, counted: false },
      points(1, 1, 1, 1),
      { ok: false, refusal: 'not-counted' },
    ],
  ])('%s', (_, meeting, chosen, expected) => {
    expect(Point.agree(meeting, chosen)).toEqual(expected);
  });
});
