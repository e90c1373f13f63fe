import { text, type Text } from '#domain/questionnaire.ts';
import { mean } from '#domain/reading.ts';
import * as Choice from '#domain/reading-choice.ts';
import * as Apart from '#domain/reading-apart.ts';
import * as Release from '#domain/release.ts';
import type { ChoiceFigure, FactorFigure, StatementFigure } from '#domain/release.ts';
import type { TreeNode } from '#domain/round.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import type { Figures } from '#server/releases.ts';
import type { Cell, Sheet } from '#server/spreadsheet.ts';
import { ways } from '#ui/choice-words.ts';
import * as words from '#ui/result-words.ts';
import type { read } from './reading.ts';

type Reading = ReturnType<typeof read>;
const said = (of: Text) => text(of, getLocale());

/** The sheets of a result for people: typed numbers, and words where something is withheld. */
export function sheets(reading: Reading, figures: Figures): Sheet[] {
  const { node, beside, factors, statements } = reading;
  const levels = [beside.above, beside.whole].filter((at) => at !== null);
  const compared = factors.some((row) => row.earlier);
  const factorSheet: Sheet = {
    name: m.result_sheet_factors(),
    head: [
      m.result_factor(),
      node.name,
      m.result_n(),
      ...levels.map((at) => at.name),
      ...(compared ? [m.result_last()] : []),
    ],
    rows: factors.map((row) => [
      said(row.title),
      cell(row, row.ours),
      row.ours && 'n' in row.ours ? row.ours.n : null,
      ...(beside.above ? [cell(row, row.above)] : []),
      ...(beside.whole ? [cell(row, row.whole)] : []),
      ...(compared ? [row.earlier ? cell(row, row.earlier) : words.noEarlier(row.noEarlier!)] : []),
    ]),
  };
  const most = Math.max(0, ...statements.map((row) => row.points.length));
  const statementSheet: Sheet = {
    name: m.result_sheet_statements(),
    head: [
      m.result_statement(),
      m.result_mean(),
      m.result_n(),
      ...Array.from({ length: most }, (_, i) => `${m.result_distribution()} ${i + 1}`),
      m.result_note(),
    ],
    rows: statements.map((row) => [
      said(row.text),
      row.ours ? row.ours.mean : m.common_withheld(),
      row.ours?.n ?? null,
      ...Array.from({ length: most }, (_, i) => row.ours?.distribution[i] ?? null),
      row.points.map((point, i) => `${i + 1}: ${said(point.text)}`).join(', '),
    ]),
  };
  const below = reading.below(null);
  const unitSheet: Sheet = {
    name: m.result_sheet_units(),
    head: [
      m.result_units_tree(),
      m.result_invited(),
      m.result_units_answered(),
      m.result_rate(),
      ...figures.factors.map(({ title }) => said(title)),
    ],
    rows: [{ node, depth: 0, result: Release.result(figures, node.id) }, ...below].map((row) => [
      '    '.repeat(row.depth) + row.node.name,
      row.node.invited,
      row.result?.n ?? m.common_withheld(),
      row.result?.n ? { share: row.result.n / row.node.invited } : null,
      ...figures.factors.map((factor) => cell(factor, row.result?.factors[factor.id] ?? null)),
    ]),
  };
  return [
    factorSheet,
    ...(statements.length > 0 ? [statementSheet] : []),
    ...(reading.choices.length > 0 ? [choiceSheet(reading)] : []),
    ...(below.length > 0 ? [unitSheet] : []),
    ...apartSheets(reading),
    ...commentSheets(reading),
  ];
}

/** A row for each named answer of each question: whoever sorts or filters finds them. */
function choiceSheet({ choices, beside }: Reading): Sheet {
  const { above } = beside;
  const compared = choices.some((row) => row.earlier);
  const share = (of: ChoiceFigure | null, i: number): Cell => {
    const part = Choice.share(of, i);
    return part === null ? m.common_withheld() : { share: part };
  };
  return {
    name: m.choice_title(),
    head: [
      m.choice_question(),
      m.choice_option(),
      m.choice_chosen_by(),
      m.choice_share(),
      m.choice_n(),
      ...(above ? [above.name] : []),
      ...(compared ? [m.result_last()] : []),
      m.result_note(),
    ],
    rows: choices.flatMap((row) =>
      row.options.map((option, i) => [
        said(row.text),
        said(option),
        row.ours ? row.ours.chosen[i]! : m.common_withheld(),
        row.ours ? share(row.ours, i) : null,
        row.ours?.n ?? null,
        ...(above ? [share(row.above, i)] : []),
        ...(compared ? [row.earlier ? share(row.earlier, i) : words.noEarlier(row.noEarlier!)] : []),
        ways[row.choose](),
      ]),
    ),
  };
}

/** What was written, where the round asked. */
const commentSheets = ({ comments }: Reading): Sheet[] =>
  comments
    ? [
        {
          name: m.comment_title(),
          head: [m.result_units_tree(), m.comment_question(), m.comment_comment()],
          rows: comments.lists.flatMap((list) =>
            list.comments.map((words) => [list.node.name, said(list.text), words]),
          ),
        },
      ]
    : [];

/** By role or mode, and on behalf: a sheet each where the round asked. */
const apartSheets = ({ apart, onBehalf }: Reading): Sheet[] => [
  ...(apart ? [categorySheet(apart)] : []),
  ...(onBehalf ? [behalfSheet(onBehalf)] : []),
];

const categorySheet = ({ kind, categories, shown }: Apart.ByCategory): Sheet => ({
  name: kind === 'mode' ? m.result_mode() : m.result_role(),
  head: [m.result_factor(), ...categories.map((category) => said(category.text))],
  rows: [
    [m.result_n(), ...categories.map((_, at) => shown?.n[at] ?? m.common_withheld())],
    ...(shown?.rows ?? []).map((row) => [
      said(row.title),
      ...row.figures.map((of) => (of === 'nobody' ? null : cell(row, of))),
    ]),
  ],
});

const behalfSheet = ({ n: answered, rows }: NonNullable<Reading['onBehalf']>): Sheet => ({
  name: m.result_behalf(),
  head: [m.result_factor(), m.result_mean(), m.result_n()],
  rows: [
    ['', null, answered ?? m.common_withheld()],
    ...rows.map((row) => [
      said(row.title),
      cell(row, row.ours),
      row.ours && 'n' in row.ours ? row.ours.n : null,
    ]),
  ],
});

const cell = (scale: { lowest: number; highest: number }, of: FactorFigure | null): Cell =>
  mean(of) ?? words.figure(scale, of);

/** One named answer: how many answered the question, and of them chose it. */
type OptionFigure = { n: number; chosen: number };

type Line = {
  node: TreeNode;
  answered: number | null;
  kind: 'factor' | 'statement' | 'choice';
  id: string;
  title: Text;
  scale: { lowest: number; highest: number } | null;
  of: FactorFigure | StatementFigure | OptionFigure | null;
  /** Of a question of named answers: the answer, by its place. */
  option?: { number: number; text: Text };
  /** A category of a breakdown, or on behalf; left out: everybody. */
  group?: { id: string; text: string };
};

/** One line per figure of the node and every node below that the reader sees. */
function lines(reading: Reading, figures: Figures): Line[] {
  const nodes = [reading.node, ...reading.below(null).map((row) => row.node)];
  return nodes.flatMap((node): Line[] => {
    const answered = Release.result(figures, node.id)?.n ?? null;
    return [
      ...figures.factors.map((factor) => ({
        ...{ node, answered, kind: 'factor' as const, id: factor.id, title: factor.title, scale: factor },
        of: Release.factor(figures, node.id, factor.id),
      })),
      ...(reading.lent ? [] : figures.statements).map((statement) => ({
        ...{
          node,
          answered,
          kind: 'statement' as const,
          id: statement.id,
          title: statement.text,
          scale: null,
        },
        of: Release.statement(figures, node.id, statement.id),
      })),
      ...(reading.lent ? [] : linesOfOptions(node, answered, figures)),
      ...(reading.lent ? [] : linesApart(node, figures)),
    ];
  });
}

/** A line for each named answer of each question. */
const linesOfOptions = (node: TreeNode, answered: number | null, figures: Figures): Line[] =>
  (figures.choices ?? []).flatMap(({ id, text: title, options }) => {
    const of = Release.choice(figures, node.id, id);
    return options.map((option, i) => ({
      ...{ node, answered, kind: 'choice' as const, id, title, scale: null },
      option: { number: option.value, text: option.text },
      of: of && { n: of.n, chosen: of.chosen[i]! },
    }));
  });

function linesApart(node: TreeNode, figures: Figures): Line[] {
  const apart = Apart.byCategory(figures, node);
  const behalf = Apart.onBehalf(figures, node);
  const line = (
    row: Pick<Apart.CategoryRow, 'id' | 'title' | 'lowest' | 'highest'>,
    answered: number | null,
    of: FactorFigure | null,
    group: Line['group'],
  ) => ({
    ...{ node, answered, kind: 'factor' as const, id: row.id, title: row.title, scale: row },
    ...{ of, group: group! },
  });
  return [
    ...(apart?.categories ?? []).flatMap(({ id, text }, c) =>
      (apart?.shown?.rows ?? figures.factors).flatMap((row) => {
        const of = 'figures' in row ? row.figures[c]! : null;
        const answered = apart?.shown?.n[c] ?? null;
        return of === 'nobody' ? [] : [line(row, answered, of, { id, text: said(text) })];
      }),
    ),
    ...(behalf?.rows ?? []).map((row) =>
      line(row, behalf!.n, row.ours, { id: 'behalf', text: m.result_behalf() }),
    ),
  ];
}

/** Where the round asked for nothing of the kind, the files are as they always were. */
const isApart = ({ breakdowns, onBehalf }: Figures) => Boolean(breakdowns ?? onBehalf);

const hasChoices = ({ choices }: Figures) => choices !== undefined;
const chosenOf = (of: Line['of']): number | null => (of && 'chosen' in of ? of.chosen : null);
const meanOf = (of: Line['of']): number | null => (of && 'chosen' in of ? null : mean(of));

const steps = (figures: Figures) => Math.max(0, ...figures.scales.map(({ points }) => points.length));
const perStep = (figures: Figures, of: Line['of']): Cell[] =>
  Array.from({ length: steps(figures) }, (_, i) =>
    of && 'distribution' in of ? (of.distribution[i] ?? null) : null,
  );
const n = (of: Line['of']) => (of && 'n' in of ? of.n : null);

export function tableForExcel(reading: Reading, figures: Figures): Omit<Sheet, 'name'> {
  const kinds = {
    factor: m.result_factor(),
    statement: m.result_statement(),
    choice: m.choice_question(),
  };
  return {
    head: [
      m.result_units_tree(),
      m.result_invited(),
      m.result_units_answered(),
      m.result_kind(),
      m.result_text(),
      m.result_mean(),
      m.result_n(),
      ...Array.from({ length: steps(figures) }, (_, i) => `${m.result_distribution()} ${i + 1}`),
      ...(hasChoices(figures) ? [m.choice_option(), m.choice_chosen_by()] : []),
      ...(isApart(figures) ? [m.result_group()] : []),
    ],
    rows: lines(reading, figures).map(({ node, answered, kind, title, scale, of, option, group }) => [
      node.name,
      node.invited,
      answered ?? m.common_withheld(),
      kinds[kind],
      said(title),
      kind === 'choice' && of
        ? null
        : (meanOf(of) ?? (scale && of && 'bound' in of ? words.figure(scale, of) : m.common_withheld())),
      n(of),
      ...perStep(figures, of),
      ...(hasChoices(figures) ? [option ? said(option.text) : null, chosenOf(of)] : []),
      ...(isApart(figures) ? [group?.text ?? null] : []),
    ]),
  };
}

/** Names and values that are the same in every language. */
export function tableForMachines(reading: Reading, figures: Figures): Omit<Sheet, 'name'> {
  return {
    head: [
      ...['node', 'unit_codes', 'unit', 'invited', 'answered', 'kind', 'id', 'text', 'n', 'mean', 'bound'],
      ...Array.from({ length: steps(figures) }, (_, i) => `step_${i + 1}`),
      'withheld',
      ...(hasChoices(figures) ? ['option', 'option_text', 'chosen'] : []),
      ...(isApart(figures) ? ['group'] : []),
    ],
    rows: lines(reading, figures).map(({ node, answered, kind, id, title, of, option, group }) => [
      node.id,
      node.units.join(' '),
      node.name,
      node.invited,
      answered,
      kind,
      id,
      said(title),
      n(of),
      meanOf(of),
      of && 'bound' in of ? of.bound : null,
      ...perStep(figures, of),
      of ? 'no' : 'yes',
      ...(hasChoices(figures)
        ? [option?.number ?? null, option ? said(option.text) : null, chosenOf(of)]
        : []),
      ...(isApart(figures) ? [group?.id ?? null] : []),
    ]),
  };
}

/** What was written, one comment on a line; null where the round did not ask. For machines: ids and the same names everywhere. */
export function tableOfComments({ comments }: Reading, forMachines: boolean): Omit<Sheet, 'name'> | null {
  if (!comments) return null;
  const head = forMachines
    ? ['node', 'unit', 'id', 'question', 'comment']
    : [m.result_units_tree(), m.comment_question(), m.comment_comment()];
  const rows = comments.lists.flatMap(({ node, id, text: asked, comments: listed }) =>
    listed.map((words) =>
      forMachines ? [node.id, node.name, id, said(asked), words] : [node.name, said(asked), words],
    ),
  );
  return { head, rows };
}
