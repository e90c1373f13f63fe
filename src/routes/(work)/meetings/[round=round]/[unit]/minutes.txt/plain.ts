import type { Branch } from '#domain/cause.ts';
import { kinds } from '#domain/point.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';
import { kindWords } from '#ui/point-words.ts';
import * as words from '#ui/minutes-words.ts';
import type { View } from '../minutes/minutes.ts';

/** The minutes as text to be pasted. */
export function plain(of: View): string {
  const titled = (title: string, lines: string[]) =>
    lines.length > 0 ? [title.toUpperCase(), ...lines, ''] : [];
  const cause = (branch: Branch): string[] => [
    `${'  '.repeat(branch.depth)}- ${branch.depth > 1 ? `${m.point_cause_because()} ` : ''}${branch.text}`,
    ...branch.whys.flatMap(cause),
  ];
  const under = (title: string, lines: string[]) => (lines.length > 0 ? [`  ${title}`, ...lines] : []);
  const point = (one: View['points'][number]) => [
    `${kindWords[one.kind]()}: ${one.title}`,
    ...(one.carriedFrom ? [`  ${m.point_carried({ round: one.carriedFrom })}`] : []),
    ...(one.causes.length === 0 ? [`  ${m.point_no_causes()}`] : []),
    ...under(m.point_cause_promotes(), one.causes.filter(({ kind }) => kind === 'promotes').flatMap(cause)),
    ...under(m.point_cause_hinders(), one.causes.filter(({ kind }) => kind === 'hinders').flatMap(cause)),
    ...under(
      m.point_measures(),
      one.measures.map((measure) => `  - ${measure.title} (${words.measure(measure)})`),
    ),
    '',
  ];
  const lines = [
    m.meeting_minutes_title({ unit: of.unit }),
    of.round,
    words.agreed(of),
    '',
    ...titled(
      m.meeting_minutes_sittings(),
      of.sittings.map((one) => `- ${words.sitting(one)}`),
    ),
    ...titled(m.meeting_minutes_votes(), [
      words.voters(of),
      ...kinds.flatMap((kind) =>
        of.tallies
          .filter((one) => one.kind === kind)
          .map((one) => `- ${kindWords[kind]()}: ${one.title}: ${figures.count(one.votes)}`),
      ),
    ]),
    ...titled(m.point_title(), [
      ...(of.fewerReason ? [`${m.point_fewer()} ${of.fewerReason}`, ''] : []),
      ...of.points.flatMap(point),
    ]).slice(0, -1),
    ...titled(m.meeting_way_parties(), [
      ...of.confirmations.map((one) => `- ${words.confirmed(one)}`),
      ...of.remarks.map((one) => `- ${words.said(one)}: ${one.text}`),
    ]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
