/** Survey files in LimeSurvey's two shapes, written by us: of version 3, a row for each language; of 4 and later, texts in tables beside. */

type Words = Record<string, string>;
type Answer = { code: string; weight?: number; words: Words };
type Sub = { code: string; words: Words };
type Question = {
  code: string;
  type: string;
  words: Words;
  help?: Words;
  mandatory?: 'Y' | 'S' | 'N';
  other?: 'Y' | 'N';
  relevance?: string;
  subs?: Sub[];
  answers?: Answer[];
};
export type Group = { words: Words; description?: Words; questions: Question[] };
export type Survey = { languages: string[]; title: Words; welcome?: Words; groups: Group[]; more?: string };

type Column = string | number;
const element = (name: string, value: Column) =>
  `<${name}><![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`;
const table = (name: string, rows: Record<string, Column>[]) =>
  rows.length === 0
    ? ''
    : ` <${name}>\n  <fields>${Object.keys(rows[0]!)
        .map((f) => `<fieldname>${f}</fieldname>`)
        .join('')}</fields>\n  <rows>\n${rows
        .map(
          (row) =>
            `   <row>${Object.entries(row)
              .map(([k, v]) => element(k, v))
              .join('')}</row>`,
        )
        .join('\n')}\n  </rows>\n </${name}>\n`;

export function lss(survey: Survey, shape: 'older' | 'newer' = 'newer'): string {
  const { languages } = survey;
  type Rows = Record<string, Column>[];
  const [groups, questions, subs, answers]: [Rows, Rows, Rows, Rows] = [[], [], [], []];
  const [groupTexts, questionTexts, answerTexts]: [Rows, Rows, Rows] = [[], [], []];
  /** One thing: in the newer shape a row and its texts beside, in the older one row for each language. */
  const put = (
    own: Record<string, Column>[],
    texts: Record<string, Column>[],
    row: Record<string, Column>,
    key: string,
    said: (language: string) => Record<string, string>,
  ) => {
    if (shape === 'newer') own.push(row);
    for (const language of languages) {
      if (shape === 'older') own.push({ ...row, ...said(language), language });
      else texts.push({ [key]: row[key]!, ...said(language), language });
    }
  };
  let qid = 100;
  let aid = 500;
  survey.groups.forEach((group, g) => {
    put(groups, groupTexts, { gid: g + 1, sid: 4321, group_order: g, grelevance: '1' }, 'gid', (l) => ({
      group_name: group.words[l] ?? '',
      description: group.description?.[l] ?? '',
    }));
    group.questions.forEach((question, q) => {
      const { code, type, mandatory = 'N', other = 'N', relevance = '1' } = question;
      const own = ++qid;
      const row = { qid: own, parent_qid: 0, sid: 4321, gid: g + 1, type, title: code, question_order: q };
      put(questions, questionTexts, { ...row, mandatory, other, relevance }, 'qid', (l) => ({
        question: question.words[l] ?? '',
        help: question.help?.[l] ?? '',
      }));
      question.subs?.forEach((sub, s) => {
        const below = {
          qid: ++qid,
          parent_qid: own,
          sid: 4321,
          gid: g + 1,
          type: 'T',
          title: sub.code,
          question_order: s,
        };
        put(subs, questionTexts, { ...below, relevance: '1' }, 'qid', (l) => ({
          question: sub.words[l] ?? '',
          help: '',
        }));
      });
      question.answers?.forEach(({ code: answer, weight = 0, words }, a) => {
        const given = {
          ...(shape === 'newer' && { aid: ++aid }),
          qid: own,
          code: answer,
          sortorder: a,
          assessment_value: weight,
          scale_id: 0,
        };
        put(answers, answerTexts, given as Record<string, Column>, 'aid', (l) => ({
          answer: words[l] ?? '',
        }));
      });
    });
  });
  const settings = languages.map((l) => ({
    ...{ surveyls_survey_id: 4321, surveyls_language: l, surveyls_title: survey.title[l] ?? '' },
    ...{ surveyls_welcometext: survey.welcome?.[l] ?? '', surveyls_endtext: '' },
  }));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n',
    ` <DBVersion>${shape === 'newer' ? 640 : 366}</DBVersion>\n`,
    ` <languages>${languages.map((l) => `<language>${l}</language>`).join('')}</languages>\n`,
    table('answers', answers) + table('answer_l10ns', answerTexts),
    table('groups', groups) + table('group_l10ns', groupTexts),
    table('questions', questions) + table('subquestions', subs) + table('question_l10ns', questionTexts),
    table('surveys', [{ sid: 4321, language: languages[0]!, anonymized: 'Y' }]),
    table('surveys_languagesettings', settings),
    survey.more ?? '',
    '</document>\n',
  ].join('');
}

const scale: Answer[] = [
  { code: 'A1', weight: 1, words: { nb: 'Aldri', en: 'Never' } },
  { code: 'A2', weight: 2, words: { nb: 'Av og til', en: 'Sometimes' } },
  { code: 'A3', weight: 3, words: { nb: 'Ofte', en: 'Often' } },
  { code: 'A9', words: { nb: 'Vet ikke', en: 'I do not know' } },
];

/** What a municipality may have: two groups, most kinds of questions, two languages and a third half done. */
export const nightShifts: Survey = {
  languages: ['nb', 'en', 'nn'],
  title: { nb: 'Nattvakter', en: 'Night shifts', nn: 'Nattevakter' },
  welcome: { nb: '<p>Takk for at du <strong>svarer</strong>.</p>', en: 'Thank you for answering.' },
  groups: [
    {
      words: { nb: 'Hvile', en: 'Rest' },
      description: { nb: 'Tenk på den siste måneden.', en: 'Think of the last month.' },
      questions: [
        {
          ...{ code: 'hvile', type: 'F', mandatory: 'Y', answers: scale },
          words: { nb: 'Hvor ofte gjelder dette deg?', en: 'How often is this true of you?' },
          subs: Array.from({ length: 6 }, (_, i) => ({
            code: `SQ00${i + 1}`,
            words: { nb: `Påstand ${i + 1} om hvile`, en: `Statement ${i + 1} on rest` },
          })),
        },
        {
          ...{ code: 'Q2', type: '5', relevance: 'hvile_SQ001.NAOK == "A1"' },
          words: { nb: 'Hvor trøtt er du?<script>alert(1)</script>', en: 'How tired are you?' },
          help: { nb: 'Etter vakten.', en: 'After the shift.' },
        },
      ],
    },
    {
      words: { nb: 'Om vaktene', en: 'The shifts' },
      questions: [
        { code: 'jaNei', type: 'Y', words: { nb: 'Har dere en fast pause?', en: 'Is there a fixed break?' } },
        { code: 'fritekst', type: 'T', words: { nb: 'Hva ville du endret?', en: 'What would you change?' } },
        {
          ...{ code: 'flere', type: 'M', words: { nb: 'Hvilke vakter har du?', en: 'Which shifts?' } },
          subs: [{ code: 'N', words: { nb: 'Natt', en: 'Night' } }],
        },
        { code: 'fil', type: '|', words: { nb: 'Last opp', en: 'Upload' } },
        {
          ...{ code: 'velg', type: 'L', other: 'Y', answers: scale },
          words: { nb: 'Bytter dere vakter?', en: 'Do you swap?' },
        },
      ],
    },
  ],
  more: ' <quota><rows><row><id>1</id></row></rows></quota>\n',
};
