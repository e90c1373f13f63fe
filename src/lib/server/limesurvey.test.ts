import { describe, expect, it } from 'vitest';
import { questionnaireFrom } from '#domain/limesurvey.ts';
import { parse } from '#domain/questionnaire-faults.ts';
import { type Questionnaire, type QuestionnaireKind, statements } from '#domain/questionnaire.ts';
import { LARGEST_FILE, read } from '#server/limesurvey.ts';
import { lss, nightShifts, type Survey } from '#tests/support/limesurvey.ts';

const bytes = (xml: string) => new TextEncoder().encode(xml);
function brought(xml: string, kind: QuestionnaireKind = 'employee') {
  const taken = read(bytes(xml));
  if (!taken.ok) throw new Error(taken.refusal);
  return questionnaireFrom(taken.file, kind);
}
function made(survey: Survey, shape: 'older' | 'newer' = 'newer') {
  const one = brought(lss(survey, shape));
  if (!one.ok) throw new Error(one.refusal);
  return one;
}

describe.each(['newer', 'older'] as const)('a survey file of the %s shape', (shape) => {
  it('becomes a questionnaire that may be used', () => {
    const { questionnaire } = made(nightShifts, shape);
    expect(parse(questionnaire)).toEqual({ ok: true, questionnaire });
    expect(questionnaire).toMatchObject({
      ...{ key: 'limesurvey-4321', kind: 'employee', languages: ['nb', 'en'], minutes: 2 },
      title: { nb: 'Nattvakter', en: 'Night shifts', nn: 'Nattevakter' },
      intro: { nb: 'Takk for at du svarer.', en: 'Thank you for answering.' },
    });
    expect(
      questionnaire.themes.map(({ title, intro, statements: all }) => [title.nb, intro?.nb, all.length]),
    ).toEqual([
      ['Hvile', 'Hvor ofte gjelder dette deg?', 5],
      ['Hvile', undefined, 1],
      ['Hvile', undefined, 1],
      ['Om vaktene', undefined, 2],
    ]);
    expect(statements(questionnaire)[0]).toEqual({
      ...{ id: 'hvile-SQ001', scale: 'scale-1', dontKnow: true, required: true },
      text: { nb: 'Påstand 1 om hvile', en: 'Statement 1 on rest' },
    });
    expect(questionnaire.scales[0]?.points.map(({ value, text }) => `${value} ${text.en}`)).toEqual([
      ...['1 Never', '2 Sometimes', '3 Often'],
    ]);
    expect(questionnaire.factors).toMatchObject([{ title: { nb: 'Hvor ofte gjelder dette deg?' } }]);
    expect(questionnaire.factors[0]?.statements).toHaveLength(6);
  });

  it('says all that is different or left behind', () => {
    const { notes } = made(nightShifts, shape);
    const said = notes.map(({ kind, where, detail }) => [kind, where, detail].filter(Boolean).join(' | '));
    expect(said.toSorted()).toEqual(
      [
        'apart | Hvile, hvile | Vet ikke',
        'apart | Om vaktene, velg | Vet ikke',
        'condition | Hvile, Q2 | hvile_SQ001.NAOK == "A1"',
        'factor | Hvile, hvile',
        'help | Hvile, Q2 | Etter vakten.',
        'lead | Hvile | Tenk på den siste måneden.',
        'markup | Hvile, Q2 | Hvor trøtt er du?',
        'markup | surveyls_welcometext | Takk for at du svarer.',
        'minutes | 2',
        'other | Om vaktene, velg',
        'script | Hvile, Q2 | Hvor trøtt er du?',
        'split | Hvile | 3',
        'table | quota | 1',
        'table | surveys | 4',
        'translation | nn',
        'type | Om vaktene, fil | |: Last opp',
        'scale | Om vaktene, flere | Hvilke vakter har du?',
        'scale | Om vaktene, flere, N | Natt',
        'type | Om vaktene, fritekst | T: Hva ville du endret?',
        'wordless | Hvile, Q2',
      ].toSorted(),
    );
  });
});

it('gives the same from both shapes', () => {
  expect(made(nightShifts, 'older')).toEqual(made(nightShifts, 'newer'));
});

it('names every type that it knows nothing of, and loses no question', () => {
  const types = [...'SUTQNKDGRX1I*|:;Z'];
  const questions = types.map((type, i) => ({ code: `c${i}`, type, words: { nb: `Spørsmål ${type}` } }));
  const one = brought(
    lss({ languages: ['nb'], title: { nb: 'T' }, groups: [{ words: { nb: 'G' }, questions }] }),
  );
  expect(one).toMatchObject({ ok: false, refusal: 'nothing' });
  expect(one.notes.filter(({ kind }) => kind === 'type').map(({ detail }) => detail)).toEqual(
    types.map((type) => `${type}: Spørsmål ${type}`),
  );
});

const places = ['Kantina', 'Biblioteket', 'Vet ikke', 'Ingen av disse'];
const meeting = (type: string, given: object): Survey => ({
  ...{ languages: ['nb'], title: { nb: 'T' } },
  groups: [
    {
      words: { nb: 'G' },
      questions: [{ code: 'sted', type, words: { nb: 'Hvilke møteplasser bruker du?' }, ...given }],
    },
  ],
});
const subs = places.map((nb, i) => ({ code: `s${i}`, words: { nb } }));
const answers = places.map((nb, i) => ({ code: `A${i}`, words: { nb } }));
const points = (of: Questionnaire) => of.scales[0]?.points.map(({ value, text }) => `${value} ${text.nb}`);

it.each(['M', 'P'])('makes a list of which several may be chosen of a question of type %s', (type) => {
  const { questionnaire, notes } = made(meeting(type, { subs, mandatory: 'Y' }));
  expect(questionnaire.scales[0]?.choose).toBe('several');
  expect(points(questionnaire)).toEqual(places.map((place, i) => `${i + 1} ${place}`));
  expect(statements(questionnaire)[0]).toMatchObject({ id: 'sted', required: true });
  expect(parse(questionnaire).ok).toBe(true);
  expect(notes).toContainEqual({ kind: 'several', where: 'G, sted', detail: places.join(', ') });
  expect(notes.some(({ kind }) => kind === 'comment')).toBe(type === 'P');
});

it('makes a list of which one is chosen where the answers of a list have no numbers, and a scale where they have', () => {
  const { questionnaire, notes } = made(meeting('L', { answers }));
  expect(questionnaire.scales[0]).toMatchObject({ choose: 'one', dontKnow: { nb: 'Vet ikke' } });
  expect(points(questionnaire)).toEqual(['1 Kantina', '2 Biblioteket', '3 Ingen av disse']);
  expect(parse(questionnaire).ok).toBe(true);
  expect(notes.map(({ kind }) => kind)).toContain('one');
  const coded = made(meeting('!', { answers: answers.map((one, i) => ({ ...one, code: String(i) })) }));
  expect(coded.questionnaire.scales[0]).not.toHaveProperty('choose');
});

it('leaves what residents are not asked, and lists that are too short or too long, with every answer named', () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ code: `s${i}`, words: { nb: `Sted ${i}` } }));
  for (const given of [many, many.slice(0, 1)]) {
    const one = brought(lss(meeting('M', { subs: given })));
    expect(one).toMatchObject({ ok: false, refusal: 'nothing' });
    expect(one.notes.filter(({ kind }) => kind === 'scale')).toHaveLength(given.length + 1);
  }
  const residents = brought(lss(meeting('M', { subs })), 'resident');
  expect(residents.notes.filter(({ kind }) => kind === 'type')).toHaveLength(5);
  const list = brought(lss(meeting('L', { answers })), 'resident');
  expect(list.ok && list.questionnaire.scales[0]?.choose).toBeUndefined();
});

it('says what stands in other languages alone, in no group, or in a language that the file does not list', () => {
  const question = { code: 'q', type: 'Y', mandatory: 'S' as const, words: { nb: 'Er du trygg?' } };
  const survey: Survey = {
    ...{ languages: ['nb', 'en'], title: { nb: 'T' } },
    groups: [{ words: { nb: 'G' }, questions: [{ ...question, help: { en: 'Think.' } }] }],
  };
  const foreign = '<row><qid>101</qid><question>Sind Sie sicher?</question><language>de</language></row>';
  const stray = lss(survey)
    .replace(/<groups>[\s\S]*<\/group_l10ns>/, '')
    .replace(/(<question_l10ns>[\s\S]*?<rows>)/, `$1${foreign}`);
  const one = brought(stray);
  expect(one).toMatchObject({ ok: true, questionnaire: { themes: [{ title: { nb: 'Del 1' } }] } });
  expect(one.notes).toEqual(
    expect.arrayContaining([
      { kind: 'no-text', where: 'Del 1, q', detail: 'Think.' },
      { kind: 'language', where: 'de' },
      { kind: 'attributes', where: 'Del 1, q', detail: 'mandatory: soft' },
    ]),
  );
});

it('makes nothing mandatory for residents, and says so of each', () => {
  const taken = read(bytes(lss(nightShifts)));
  const one = taken.ok && questionnaireFrom(taken.file, 'resident');
  if (!one || !one.ok) throw new Error();
  expect(parse(one.questionnaire)).toMatchObject({ ok: true });
  expect(statements(one.questionnaire).filter(({ required }) => required)).toEqual([]);
  const { questionnaire } = made(nightShifts);
  const forced = statements(questionnaire).filter(({ required }) => required);
  expect(one.notes.filter(({ kind }) => kind === 'required')).toEqual(
    forced.map(({ id, text }) => ({ kind: 'required', where: id, detail: text.nb })),
  );
});

it('leaves what residents would choose among more than four answers for', () => {
  const asked = (type: string) => ({ code: type.toLowerCase(), type, words: { nb: `Spørsmål ${type}` } });
  const survey: Survey = {
    ...{ languages: ['nb'], title: { nb: 'T' } },
    groups: [{ words: { nb: 'G' }, questions: [asked('Y'), asked('5')] }],
  };
  const one = brought(lss(survey), 'resident');
  if (!one.ok) throw new Error(one.refusal);
  expect(statements(one.questionnaire).map(({ text }) => text.nb)).toEqual(['Spørsmål Y']);
  expect(one.notes).toContainEqual({ kind: 'scale', where: 'G, 5', detail: 'Spørsmål 5' });
  expect(statements(made(survey).questionnaire)).toHaveLength(2);
});

it('must have bokmål', () => {
  const survey = { ...nightShifts, languages: ['en', 'de-informal'] };
  expect(brought(lss(survey))).toEqual({
    ...{ ok: false, refusal: 'no-nb' },
    notes: [{ kind: 'language', where: 'de-informal' }],
  });
});

it('gives ids that are each for themselves, also of names that JavaScript keeps', () => {
  const codes = ['constructor', 'å', '1', 'æ', 'a'.repeat(60), 'a'.repeat(61), '__proto__'];
  const questions = codes.map((code) => ({ code, type: 'Y', words: { nb: `Om ${code}`.slice(0, 40) } }));
  const { questionnaire } = made({
    languages: ['nb'],
    title: { nb: 'T' },
    groups: [{ words: { nb: 'G' }, questions }],
  });
  expect(parse(questionnaire).ok).toBe(true);
  expect(new Set(statements(questionnaire).map(({ id }) => id)).size).toBe(codes.length);
});

it('says that groups came in an order by chance, and how the survey looked', () => {
  const question = { code: 'q', type: 'Y', words: { nb: 'Er du trygg?' } };
  const survey: Survey = {
    ...{ languages: ['nb'], title: { nb: 'T' } },
    groups: [{ words: { nb: 'G' }, questions: [question] }],
  };
  const theme = '<theme><config><options><logo>on</logo></options></config></theme>';
  const one = brought(
    lss(survey)
      .replace(/(<groups>[\s\S]*?<row>)/, '$1<randomization_group>R1</randomization_group>')
      .replace('</document>', `<themes>${theme}${theme}</themes></document>`),
  );
  expect(one.notes).toEqual(
    expect.arrayContaining([
      { kind: 'attributes', where: 'G', detail: 'randomization_group: R1' },
      { kind: 'table', where: 'themes', detail: '2' },
    ]),
  );
});

describe('a hostile or broken file', () => {
  const whole = lss(nightShifts);
  const billion = `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  it.each([
    ['huge', new Uint8Array(LARGEST_FILE + 1), { refusal: 'size' }],
    ['not UTF-8', new Uint8Array([0x3c, 0xff, 0xfe]), { refusal: 'encoding' }],
    [
      'of another encoding',
      bytes('<?xml version="1.0" encoding="latin1"?><document/>'),
      { refusal: 'encoding' },
    ],
    ['with entities', bytes(whole.replace('<document>', `${billion}<document>`)), { refusal: 'doctype' }],
    [
      'that fetches',
      bytes(whole.replace('<document>', '<!DOCTYPE d SYSTEM "file:///etc/passwd"><document>')),
      { refusal: 'doctype' },
    ],
    [
      'with an unknown entity',
      bytes(whole.replace(' <DBVersion>', ' &xxe;<DBVersion>')),
      { refusal: 'broken', line: 4 },
    ],
    ['cut off', bytes(whole.slice(0, 900)), { refusal: 'broken' }],
    ['empty', bytes(''), { refusal: 'broken' }],
    ['no XML', bytes('{"format":"medvirk-questionnaire/1"}'), { refusal: 'broken', line: 1 }],
    ['deep', bytes('<document>' + '<a>'.repeat(9000)), { refusal: 'deep' }],
    ['something else', bytes('<svg><script>alert(1)</script></svg>'), { refusal: 'other-file' }],
    ['of no kind', bytes('<document></document>'), { refusal: 'other-file' }],
    [
      'of a group',
      bytes('<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>'),
      { refusal: 'part' },
    ],
    [
      'with too many rows',
      bytes(`<document><x><rows>${'<row/>'.repeat(20_001)}</rows></x></document>`),
      { refusal: 'many' },
    ],
    [
      'with too many languages',
      bytes(`<document><languages>${'<language>nb</language>'.repeat(51)}</languages></document>`),
      { refusal: 'many' },
    ],
  ])('%s gets its own refusal', (_, file, refusal) => {
    expect(read(file)).toMatchObject({ ok: false, ...refusal });
  });

  it('of twenty thousand rows takes no longer than somebody waits', () => {
    const answers = [0, 1].map((i) => ({ code: String(i), words: { nb: `Svar ${i}` } }));
    const questions = Array.from({ length: 6000 }, (_, i) => ({
      ...{ code: 'same', type: 'L', words: { nb: `<b>Nr</b> ${i}` } },
      answers: i % 20 === 0 ? answers.map((a) => ({ ...a, words: { nb: `${a.words.nb} ${i}` } })) : [],
    }));
    const began = performance.now();
    const { questionnaire } = made({
      languages: ['nb'],
      title: { nb: 'T' },
      groups: [{ words: { nb: 'G' }, questions }],
    });
    expect(parse(questionnaire).ok).toBe(false);
    expect(performance.now() - began).toBeLessThan(8000);
  });
});
