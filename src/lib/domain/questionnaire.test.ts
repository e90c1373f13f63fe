import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '#domain/questionnaire-faults.ts';
import {
  aboutOthers,
  askedBy,
  answers,
  canonical,
  changes,
  differs,
  factorOf,
  type Questionnaire,
  scaleOf,
  statements,
  text,
  translated,
  wordingChanged,
} from '#domain/questionnaire.ts';
import employee from './questionnaires/employee.json' with { type: 'json' };
import resident from './questionnaires/resident.json' with { type: 'json' };

const whole = employee as unknown as Questionnaire;
const mode = (resident as unknown as Questionnaire).background![0];

/** The employee questionnaire with one change, and the faults that parse then finds, as "path fault". */
function faultsAfter(change: (draft: any) => void): string[] {
  const draft = structuredClone(whole);
  change(draft);
  const parsed = parse(draft);
  return parsed.ok ? [] : parsed.faults.map(({ path, fault }) => `${path} ${fault}`);
}

describe('parse', () => {
  test('takes our own questionnaire', () => {
    expect(parse(whole)).toEqual({ ok: true, questionnaire: whole });
  });

  test.each<[string, (draft: any) => void, string[]]>([
    ['an unknown key', (q) => (q.colour = 'red'), ['colour unknown']],
    [
      'an unknown key far in',
      (q) => (q.themes[1].statements[0].txt = 1),
      ['themes[1].statements[0].txt unknown'],
    ],
    ['a missing key', (q) => delete q.minutes, ['minutes missing']],
    ['a missing bokmål text', (q) => delete q.themes[0].title.nb, ['themes[0].title.nb missing']],
    ['a text that is a number', (q) => (q.title.nn = 7), ['title.nn type']],
    ['a blank text', (q) => (q.title.en = ' '), ['title.en pattern']],
    ['an empty text', (q) => (q.title.en = ''), ['title.en pattern']],
    ['a line break in a text', (q) => (q.title.en = 'a\nb'), ['title.en pattern']],
    ['a sign that turns the writing', (q) => (q.title.en = 'a\u202eb'), ['title.en pattern']],
    ['half a sign', (q) => (q.title.en = 'a\ud800b'), ['title.en pattern']],
    ['a text of 501 signs', (q) => (q.title.en = 'å'.repeat(501)), ['title.en long']],
    ['another format', (q) => (q.format = 'medvirk-questionnaire/2'), ['format choice']],
    ['half a minute', (q) => (q.minutes = 0.5), ['minutes type']],
    ['no minutes', (q) => (q.minutes = 0), ['minutes low']],
    ['61 minutes', (q) => (q.minutes = 61), ['minutes high']],
    ['a value over ten', (q) => (q.scales[0].points[4].value = 11), ['scales[0].points[4].value high']],
    ['a scale of one point', (q) => q.scales[0].points.splice(1), ['scales[0].points few']],
    ['values that fall', (q) => (q.scales[0].points[1].value = 4), ['scales[0].points[2].value order']],
    [
      'values that stand still',
      (q) => (q.scales[0].points[1].value = 1),
      ['scales[0].points[1].value order'],
    ],
    ['no themes', (q) => (q.themes = []), ['themes few']],
    ['a list that is none', (q) => (q.factors = {}), ['factors type']],
    ['an id with a space', (q) => (q.themes[0].id = 'a b'), ['themes[0].id pattern']],
    ['an id of JavaScript’s own', (q) => (q.themes[0].id = 'constructor'), ['themes[0].id reserved']],
    ['two themes with one id', (q) => (q.themes[2].id = q.themes[0].id), ['themes[2].id duplicate']],
    [
      'a tag twice',
      (q) => (q.themes[0].statements[0].tags = ['support', 'support']),
      ['themes[0].statements[0].tags[1] repeated'],
    ],
    [
      'a scale that is not there',
      (q) => (q.themes[0].statements[0].scale = 'x'),
      ['themes[0].statements[0].scale no-scale'],
    ],
    [
      'a way of answering without words',
      (q) => delete q.scales[0].notRelevant,
      [
        'themes[5].statements[1].notRelevant no-words',
        'themes[5].statements[2].notRelevant no-words',
        'themes[9].statements[3].notRelevant no-words',
        'themes[10].statements[2].notRelevant no-words',
      ],
    ],
    [
      'a factor of a statement that is not there',
      (q) => (q.factors[1].statements[1] = 'x'),
      ['factors[1].statements[1] no-statement'],
    ],
    [
      'a statement in two factors',
      (q) => q.factors[1].statements.push('inner-motivation-1'),
      ['factors[1].statements[3] taken'],
    ],
    ['bokmål left out', (q) => (q.languages = ['nn', 'en']), ['languages no-nb']],
    [
      'a listed language that lacks a text',
      (q) => delete q.themes[0].statements[1].text.nn,
      ['themes[0].statements[1].text.nn untranslated'],
    ],
    ['a third background question', (q) => q.background.push({}, {}), ['background many']],
    [
      'a background question of one option',
      (q) => q.background[0].options.splice(1),
      ['background[0].options few'],
    ],
    [
      'a background question that lacks a text',
      (q) => delete q.background[0].options[1].text.en,
      ['background[0].options[1].text.en untranslated'],
    ],
    [
      'an option that is called not stated',
      (q) => (q.background[0].options[1].id = 'none'),
      ['background[0].options[1].id duplicate'],
    ],
    [
      'a role beside another question',
      (q) => q.background.push({ ...mode, id: 'mode' }),
      ['background[0].kind background'],
    ],
    [
      'two of one kind',
      (q) => (q.background = [mode, { ...mode, id: 'again' }]),
      ['background[1].kind background'],
    ],
    ['a helper without a mode', (q) => (q.background[0].kind = 'helper'), ['background[0].kind background']],
    [
      'other modes',
      (q) => (q.background = [{ ...mode, options: mode!.options.toReversed() }]),
      ['background[0].options mode-options'],
    ],
    [
      'a simplified edition of too little of a factor',
      (q) => (q.themes[0].statements[0].simple = true),
      ['factors[0].statements simple'],
    ],
    ['a language that is no language tag', (q) => (q.title['<b>'] = 'x'), ['title.<b> unknown']],
  ])('refuses %s', (_, change, expected) => {
    expect(faultsAfter(change)).toEqual(expected);
  });

  test('refuses a sixth statement in a theme and a twelfth point', () => {
    const sixth = (q: any) => {
      for (const n of [4, 5, 6])
        q.themes[0].statements.push({ ...q.themes[0].statements[0], id: `more-${n}` });
    };
    const twelfth = (q: any) => {
      q.scales[0].points = Array.from({ length: 12 }, (_, value) => ({ value, text: { nb: `${value}` } }));
    };
    expect(faultsAfter(sixth)).toEqual(['themes[0].statements many']);
    expect(faultsAfter(twelfth)).toEqual(['scales[0].points many']);
  });

  test('lets the statements of a factor have other words on the same values, not other values', () => {
    const with_ = (values: number[]) => (q: any) => {
      q.scales.push({
        id: 'other',
        points: values.map((value) => ({ value, text: { nb: 'x', nn: 'x', en: 'x' } })),
      });
      q.themes[0].statements[1].scale = 'other';
    };
    expect(faultsAfter(with_([1, 2, 3, 4, 5]))).toEqual([]);
    expect(faultsAfter(with_([1, 2, 3]))).toEqual(['factors[0].statements[1] mixed']);
  });

  test('counts signs as people do', () => {
    expect(faultsAfter((q) => (q.title.en = '😀'.repeat(500)))).toEqual([]);
    expect(faultsAfter((q) => (q.title.en = '😀'.repeat(501)))).toEqual(['title.en long']);
  });

  test('keeps a language that is not listed, whole or not', () => {
    expect(faultsAfter((q) => (q.title.se = 'Jearahallan'))).toEqual([]);
  });

  test('shows at most a hundred faults', () => {
    expect(faultsAfter((q) => (q.languages = ['nb', 'nn', 'en', 'se', 'pl'])).length).toBe(100);
  });

  test('reads a key named __proto__ as an unknown key', () => {
    const hostile = JSON.parse(JSON.stringify(whole).replace('{', '{"__proto__":{"x":1},'));
    expect(parse(hostile)).toEqual({ ok: false, faults: [{ path: '__proto__', fault: 'unknown' }] });
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parse(value)));
    fc.assert(
      fc.property(
        fc.record({ themes: fc.jsonValue(), title: fc.jsonValue() }),
        (v) => !parse({ ...whole, ...v }).ok,
      ),
    );
  });
});

describe('canonical', () => {
  test('gives the same bytes whatever order the keys came in', () => {
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, turned(inner)]),
            )
          : value;
    const more = { ...whole, title: { ...whole.title, se: 'Jearahallan', pl: 'Ankieta' } };
    expect(JSON.stringify(turned(more))).not.toBe(JSON.stringify(more));
    expect(canonical(turned(more) as Questionnaire)).toBe(canonical(more));
  });

  test('reads back as the same questionnaire', () => {
    expect(parse(JSON.parse(canonical(whole)))).toEqual({ ok: true, questionnaire: whole });
  });
});

test('text falls back to bokmål', () => {
  expect(text({ nb: 'ja', en: 'yes' }, 'en')).toBe('yes');
  expect(text({ nb: 'ja', en: 'yes' }, 'nn')).toBe('ja');
  expect(text({ nb: 'ja' }, 'constructor')).toBe('ja');
});

test('translated asks for every text', () => {
  expect(translated(whole, 'nn')).toBe(true);
  expect(translated(whole, 'se')).toBe(false);
  const lacking = structuredClone(whole);
  delete lacking.factors[0]!.title.nn;
  expect(translated(lacking, 'nn')).toBe(false);
});

test('statements come in the order they are asked, each with its scale and factor', () => {
  expect(
    statements(whole)
      .slice(2, 4)
      .map(({ id }) => id),
  ).toEqual(['inner-motivation-3', 'mastery-belief-1']);
  expect(scaleOf(whole, statements(whole)[0]!).id).toBe('agreement');
  expect(factorOf(whole, 'mastery-belief-1')?.id).toBe('mastery-belief');
  expect(factorOf(whole, 'none')).toBeNull();
});

test('answers are the words of the points, then the other ways that the statement allows', () => {
  const words = (id: string) =>
    answers(
      whole,
      statements(whole).find((statement) => statement.id === id)!,
    ).map((t) => t.nb);
  expect(words('inner-motivation-1')).toEqual(whole.scales[0]!.points.map((point) => point.text.nb));
  expect(words('top-leadership-1').slice(4)).toEqual(['Svært enig', 'Vet ikke']);
  expect(words('competence-development-2').slice(4)).toEqual(['Svært enig', 'Ikke aktuelt for meg']);
});

describe('wordingChanged', () => {
  const changed = (change: (draft: any) => void) => {
    const draft = structuredClone(whole);
    change(draft);
    return wordingChanged(whole, draft);
  };

  test('sees other words, in any language both have', () => {
    expect(changed((q) => (q.themes[0].statements[1].text.nn = 'Noko anna.'))).toEqual([
      'inner-motivation-2',
    ]);
  });
  test('sees other words or values on the scale', () => {
    expect(changed((q) => (q.scales[0].points[2].text.nb = 'Både og')).length).toBe(statements(whole).length);
    expect(changed((q) => (q.scales[0].points[0].value = 0)).length).toBe(statements(whole).length);
  });
  test('does not mind a new language, a moved, a new or a lost statement, or spacing', () => {
    expect(changed((q) => (q.themes[0].statements[1].text.se = 'x'))).toEqual([]);
    expect(changed((q) => q.themes.reverse())).toEqual([]);
    expect(changed((q) => (q.themes[0].statements[1].id = 'new'))).toEqual([]);
    expect(differs({ nb: 'På jobb' }, { nb: 'på jobb' })).toBe(true);
    expect(differs({ nb: 'På  jobb' }, { nb: 'Pa\u030a jobb' })).toBe(false);
  });
});

describe('required', () => {
  test.each<[string, (draft: any) => void, string[]]>([
    ['of a statement that may be', (q) => (q.themes[0].statements[0].required = true), []],
    [
      'of a sensitive statement',
      (q) => Object.assign(q.themes[1].statements[1], { required: true, sensitive: true }),
      ['themes[1].statements[1].required required-sensitive'],
    ],
    [
      'of residents',
      (q) => {
        q.kind = 'resident';
        q.themes[0].statements[0].required = true;
        q.themes[0].statements[1].sensitive = true;
      },
      ['scales[0].points resident-points', 'themes[0].statements[0].required required-resident'],
    ],
  ])('%s', (_, change, expected) => expect(faultsAfter(change)).toEqual(expected));

  test('a round demands nothing of residents, whatever a version says that was kept before this was refused', () => {
    const old = structuredClone(whole);
    for (const one of statements(old)) one.required = true;
    statements(old)[1]!.sensitive = true;
    const demanded = (of: Questionnaire) => statements(of).filter((one) => one.required).length;
    expect(demanded(askedBy(old, false))).toBe(statements(old).length - 1);
    expect(demanded(askedBy({ ...old, kind: 'resident' }, false))).toBe(0);
  });
});

test('open questions are there for a round that has readers, and for no other', () => {
  const open = { ...whole, comments: [{ id: 'better', text: { nb: 'a', nn: 'b', en: 'c' } }] };
  const read = parse(JSON.parse(canonical(open)));
  expect(read).toEqual({ ok: true, questionnaire: open });
  expect(canonical(askedBy(open, true))).toBe(canonical(open));
  expect(canonical(askedBy(open, false))).toBe(canonical(whole));
  const faultsOf = (comments: object[]) => {
    const found = parse({ ...whole, comments });
    return found.ok ? [] : found.faults.map(({ path, fault }) => `${path} ${fault}`);
  };
  const one = open.comments[0]!;
  expect(faultsOf([one, one])).toEqual(['comments[1].id duplicate']);
  expect(faultsOf([{ ...one, hint: { nb: 'd' } }])).toEqual([
    'comments[0].hint.nn untranslated',
    'comments[0].hint.en untranslated',
  ]);
  expect(faultsOf([one, { ...one, id: 'b' }, { ...one, id: 'c' }])).toEqual(['comments many']);
});

test('changes sorts the statements of two versions', () => {
  const after = structuredClone(whole);
  after.themes[0]!.statements[0]!.id = 'fresh';
  after.themes[1]!.statements[0]!.text.en = 'Something else.';
  const found = changes(whole, after);
  expect(found.added.map(({ id }) => id)).toEqual(['fresh']);
  expect(found.gone.map(({ id }) => id)).toEqual(['inner-motivation-1']);
  expect(found.reworded.map(({ id }) => id)).toEqual(['mastery-belief-1']);
  expect(changes(whole, whole)).toEqual({ added: [], gone: [], reworded: [] });
});

test('in a leader evaluation, statements about others than the nearest leader are found', () => {
  const marked = statements(whole).filter(({ about }) => about === 'top-leadership');
  expect(marked.length).toBeGreaterThan(0);
  expect(aboutOthers({ ...whole, kind: 'leader' })).toEqual(marked);
  expect(aboutOthers(whole)).toEqual([]);
});
