import {
  type Below,
  type Content,
  dueOn,
  figures as figuresOf,
  part,
  parts,
  type Period,
} from '#domain/report.ts';
import { m } from '#messages';
import * as figures from '#ui/figures.ts';
import { ownerWords, statusWords } from '#ui/measure-words.ts';
import * as words from '#ui/report-words.ts';

/** A report in plain words, for a system where it is pasted. */
export function plain(of: Period & { handedOn: string | null }, content: Content): string {
  const measures = parts.flatMap((name) => {
    const told = content.measures.filter((one) => part(one) === name);
    if (told.length === 0) return [];
    return [
      ...['', words.partWords[name]()],
      ...told.flatMap((one) => [
        `– ${one.title} (${statusWords[one.status]()}${one.late ? `, ${m.measure_late()}` : ''}). ${m.report_measure_line(
          {
            owner: ownerWords({
              owner: one.owner === null ? null : { name: one.owner },
              ownerRole: one.ownerRole,
            }),
            due: figures.day(one.dueOn),
          },
        )}`,
        ...one.places.map((place) => `  ${words.placeWords(place)}`),
        ...one.changes.map((change) => `  ${words.changeSentence(change)}`),
        ...(one.effect ? [`  ${words.effectSentence(one.effect)}`] : []),
      ]),
    ];
  });
  const due = { date: figures.day(dueOn(of)) };
  const when = ({ handedOn, late }: Below) => {
    if (handedOn !== null) return m.report_handed_on({ date: figures.day(handedOn) });
    return late ? m.report_late(due) : m.report_due(due);
  };
  const below = content.below.flatMap((one) => [
    `– ${one.unit}: ${when(one)}`,
    ...(one.words === null ? [] : [`  ${one.words.replaceAll('\n', '\n  ')}`]),
    ...(one.total === null ? [] : [`  ${words.sumSentence(one.total)}`]),
  ]);
  return [
    `${words.periodWords(of)}: ${content.unit}`,
    ...(content.words === '' ? [] : ['', content.words]),
    ...['', words.sumSentence(figuresOf(content.measures))],
    ...measures,
    ...(below.length > 0 ? ['', m.report_below(), ...below] : []),
  ].join('\n');
}
