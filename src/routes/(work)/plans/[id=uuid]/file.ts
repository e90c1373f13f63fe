import type { Status } from '#domain/measure.ts';
import type { Said, SaidGoal, SaidMeasure } from '#domain/plan.ts';
import { m } from '#messages';
import { getLocale } from '#messages/runtime';
import * as agreements from '#server/agreements.ts';
import { db } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import * as plans from '#server/plans.ts';
import type { Sheet } from '#server/spreadsheet.ts';
import { dayWords } from '#ui/day-words.ts';
import { ownerWords, statusWords } from '#ui/measure-words.ts';
import { forumWords, pointServed, titleWords } from '#ui/plan-words.ts';
import { open } from './open.ts';

/** A plan as it is now, and what a file of it is called. */
export async function read(gate: Gate, params: { id: string }, now: Date) {
  const { plan } = await open(gate, params);
  const said = await plans.said(db().main, plan, now);
  const [last] = await agreements.list(db().main, plan.id);
  return { said, last, name: `${titleWords(said)} ${said.unit}` };
}

const statusIn: Record<Status, typeof m.measure_done> = {
  'not-started': m.measure_not_started,
  'in-progress': m.measure_in_progress,
  'on-hold': m.measure_on_hold,
  done: m.measure_done,
  dropped: m.measure_dropped,
};

/**
 * The plan as a table, with the words of the Norwegian plan systems that read it: nynorsk for a reader of nynorsk,
 * else bokmål, for readers of English too, since the systems know no English.
 */
export function sheet(said: Said): Sheet {
  const locale = getLocale() === 'nn' ? 'nn' : 'nb';
  const row = (goal: string, sub: string, measure?: SaidMeasure) => [
    ...[goal, sub, measure?.title ?? ''],
    ...(measure
      ? [
          ownerWords(measure),
          { day: measure.dueOn },
          statusIn[measure.status]({}, { locale }),
          describe(measure),
        ]
      : ['', '', '', '']),
  ];
  const rows = (goal: string, sub: string, { measures }: SaidGoal) =>
    measures.map((of) => row(goal, sub, of));
  return {
    name: titleWords(said),
    head: [
      m.plan_column_goal({}, { locale }),
      m.plan_column_sub_goal({}, { locale }),
      m.plan_column_measure({}, { locale }),
      m.plan_column_owner({}, { locale }),
      m.plan_column_due({}, { locale }),
      m.plan_column_status({}, { locale }),
      m.plan_column_description({}, { locale }),
    ],
    rows: said.goals.flatMap((goal) => [
      ...rows(goal.text, '', goal),
      ...goal.subGoals.flatMap((sub) =>
        sub.measures.length > 0 ? rows(goal.text, sub.text, sub) : [row(goal.text, sub.text)],
      ),
      ...(goal.subGoals.length + goal.measures.length === 0 ? [row(goal.text, '')] : []),
    ]),
  };

  /** What it is expected to lead to, and which points it serves. */
  function describe({ expected, points }: SaidMeasure) {
    return [expected, ...points.map((point) => `${pointServed(point, said)}, ${point.round}`)].join('\n');
  }
}

/** The plan as text to be pasted into another program. */
export function text(said: Said, last?: { agreedOn: string; forum: string }): string {
  const about = (of: SaidMeasure) => [
    `   – ${of.title}`,
    `     ${m.plan_owner()}: ${ownerWords(of)}. ${m.plan_due()}: ${dayWords(of.dueOn)}. ${m.plan_status()}: ${statusWords[of.status]()}.`,
    ...of.expected.split(/\r?\n/).map((line) => `     ${line}`),
    ...of.points.map((point) => `     ${pointServed(point, said)}`),
  ];
  const agreed = last && m.plan_agreed_in({ day: dayWords(last.agreedOn), forum: forumWords(last.forum) });
  const lines = [
    titleWords(said),
    said.unit,
    ...(agreed ? [agreed] : []),
    ...said.goals.flatMap((goal, i) => [
      '',
      `${i + 1}. ${goal.text}`,
      ...goal.measures.flatMap(about),
      ...goal.subGoals.flatMap((sub, j) => [
        '',
        `${i + 1}.${j + 1} ${sub.text}`,
        ...sub.measures.flatMap(about),
      ]),
    ]),
    ...(said.fewer.length > 0
      ? ['', `${m.plan_fewer()}:`, ...said.fewer.map((why) => m.plan_fewer_why(why))]
      : []),
  ];
  return lines.join('\n') + '\n';
}
