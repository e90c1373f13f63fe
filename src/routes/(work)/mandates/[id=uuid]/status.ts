import { error } from '@sveltejs/kit';
import * as Day from '#domain/day.ts';
import { isLate } from '#domain/measure.ts';
import { tally } from '#domain/mandate.ts';
import { m } from '#messages';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as mandates from '#server/mandates.ts';
import type { MeasureRow } from '#server/measures.ts';
import type { Sheet } from '#server/spreadsheet.ts';
import * as figures from '#ui/figures.ts';
import { originWords, standingWords, sumSentence } from '#ui/mandate-words.ts';
import { ownerWords, statusWords } from '#ui/measure-words.ts';

/** A list as it stands: its points in groups by area, or (byNumber) in one. */
export async function read(gate: Gate, id: string, byNumber: boolean, now: Date) {
  gate.ask('mandate.see');
  const { main } = db();
  const mandate = (await mandates.find(main, id)) ?? error(404);
  const today = Day.at(now);
  const rows = (await mandates.items(main, id, now)).map(({ measures, ...row }) => ({
    ...row,
    measures: measures.map((of) => shown(of, today)),
  }));
  const points = rows.filter(({ parent }) => parent === '');
  const areas = [...new Set(points.map(({ area }) => area))].filter(Boolean);
  const withParts = (of: typeof points) =>
    of.flatMap((point) => [point, ...rows.filter(({ parent }) => parent === point.number)]);
  const inGroups = areas.length > 0 && !byNumber;
  const groups = inGroups
    ? [...areas, ''].map((area) => ({ area, rows: withParts(points.filter((of) => of.area === area)) }))
    : [{ area: null, rows: withParts(points) }];
  return {
    mandate: { id, title: mandate.title, from: originWords(mandate) },
    today,
    sentence: sumSentence(tally(points.map(({ standing }) => standing))),
    tally: tally(points.map(({ standing }) => standing)),
    hasAreas: areas.length > 0,
    groups: groups.filter(({ rows }) => rows.length > 0),
  };
}

/** A measure as a point shows it. */
const shown = ({ id, title, owner, ownerRole, dueOn, unit, status, said }: MeasureRow, today: string) => ({
  ...{ id, title, status, dueOn, unit: unit.name },
  late: isLate({ status, dueOn }, today),
  owner: ownerWords({ owner, ownerRole }),
  said: said.sentence && m.mandate_said_on({ sentence: said.sentence, date: figures.day(said.at) }),
});

type Status = Awaited<ReturnType<typeof read>>;
type Measure = Status['groups'][number]['rows'][number]['measures'][number];

const statusOf = ({ status, late }: Measure) => statusWords[status]() + (late ? `, ${m.measure_late()}` : '');

/** A row for each measure of each point, and one for a point without any. */
export function sheet({ mandate, groups }: Status): Sheet {
  return {
    name: mandate.title,
    head: [
      ...[
        m.mandate_number(),
        m.mandate_point(),
        m.mandate_area(),
        m.mandate_standing(),
        m.mandate_measures(),
      ],
      ...[m.mandate_unit(), m.mandate_owner(), m.mandate_due(), m.mandate_measure_status(), m.mandate_said()],
    ],
    rows: groups.flatMap(({ rows }) => {
      const areaOf = new Map(rows.map(({ number, area }) => [number, area]));
      return rows.flatMap(({ number, text, area, parent, standing, measures }) => {
        const point = [number, text, area || areaOf.get(parent) || null, standingWords[standing]()];
        if (measures.length === 0) return [[...point, m.mandate_no_measures(), null, null, null, null, null]];
        return measures.map((of) => [
          ...[...point, of.title, of.unit, of.owner, { day: of.dueOn }, statusOf(of), of.said || null],
        ]);
      });
    }),
  };
}

/** The same in plain words, for a case that is written elsewhere. */
export function plain({ mandate, today, sentence, groups }: Status): string {
  const lines = groups.flatMap(({ area, rows }) => [
    ...(area === null ? [] : ['', area || m.mandate_no_area()]),
    ...rows.flatMap(({ number, text, parent, standing, measures }) => [
      ...(parent === '' ? [''] : []),
      `${number}. ${text} ${m.mandate_standing()}: ${standingWords[standing]()}.`,
      ...measures.map((of) =>
        `– ${of.title} (${statusOf(of)}). ${m.mandate_measure_line({ ...of, due: figures.day(of.dueOn) })} ${of.said}`.trimEnd(),
      ),
    ]),
  ]);
  const head = [mandate.title, mandate.from, m.mandate_as_of({ date: figures.day(today) }), '', sentence];
  return [...head, ...lines].join('\n');
}
