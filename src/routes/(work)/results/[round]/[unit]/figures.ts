import { text, type Text } from '#domain/questionnaire.ts';
import { mean } from '#domain/reading.ts';
import type { FactorFigure, StatementFigure } from '#domain/release.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import type { Figures } from '#server/releases.ts';
import type { Cell, Sheet } from '#server/spreadsheet.ts';
import * as words from '#ui/result-words.ts';
import type { read } from './reading.ts';

type Reading = NonNullable<ReturnType<typeof read>>;
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
  const steps = Math.max(0, ...statements.map((row) => row.points.length));
  const statementSheet: Sheet = {
    name: m.result_sheet_statements(),
    head: [
      m.result_statement(),
      m.result_mean(),
      m.result_n(),
      ...Array.from({ length: steps }, (_, i) => `${m.result_distribution()} ${i + 1}`),
      m.result_note(),
    ],
    rows: statements.map((row) => [
      said(row.text),
      row.ours ? row.ours.mean : m.common_withheld(),
      row.ours?.n ?? null,
      ...Array.from({ length: steps }, (_, i) => row.ours?.distribution[i] ?? null),
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
    rows: [{ node, depth: 0, result: { n: reading.n, factors: byId(factors) } }, ...below].map((row) => [
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
    ...(below.length > 0 ? [unitSheet] : []),
  ];
}

const byId = (factors: Reading['factors']) =>
  Object.fromEntries(factors.flatMap((row) => (row.ours ? [[row.id, row.ours]] : [])));

const cell = (scale: { lowest: number; highest: number }, of: FactorFigure | null): Cell =>
  mean(of) ?? words.figure(scale, of);

/** One line per figure of the node and every node below that the reader sees. Column names are the same in every language. */
export function lines(reading: Reading, figures: Figures): Omit<Sheet, 'name'> {
  const steps = Math.max(0, ...figures.scales.map(({ points }) => points.length));
  const nodes = [reading.node, ...reading.below(null).map((row) => row.node)];
  return {
    head: [
      'node',
      'unit_codes',
      'unit',
      'invited',
      'answered',
      'kind',
      'id',
      'text',
      'n',
      'mean',
      'bound',
      ...Array.from({ length: steps }, (_, i) => `step_${i + 1}`),
      'withheld',
    ],
    rows: nodes.flatMap((node) => {
      const result = figures.results[node.id];
      const line = (
        kind: string,
        id: string,
        title: Text,
        of: FactorFigure | StatementFigure | null,
      ): Cell[] => [
        node.id,
        node.units.join(' '),
        node.name,
        node.invited,
        result?.n ?? null,
        kind,
        id,
        said(title),
        of && 'n' in of ? of.n : null,
        mean(of),
        of && 'bound' in of ? of.bound : null,
        ...Array.from({ length: steps }, (_, i) =>
          of && 'distribution' in of ? (of.distribution[i] ?? null) : null,
        ),
        of ? 'no' : 'yes',
      ];
      return [
        ...figures.factors.map(({ id, title }) => line('factor', id, title, result?.factors[id] ?? null)),
        ...(reading.lent
          ? []
          : figures.statements.map(({ id, text: title }) =>
              line('statement', id, title, result?.statements[id] ?? null),
            )),
      ];
    }),
  };
}
