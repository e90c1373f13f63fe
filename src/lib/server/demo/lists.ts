import { eq } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type * as Mandate from '#domain/mandate.ts';
import type { Main } from '#server/db.ts';
import { decision, proposals } from '#server/demo/doings.ts';
import { permitForMachine } from '#server/gate.ts';
import * as mandates from '#server/mandates.ts';
import * as measures from '#server/measures.ts';
import * as measureStatus from '#server/measure-status.ts';
import { unit } from '#server/schema.ts';

const itemsOf = (rows: typeof decision): Mandate.Item[] =>
  rows.map(([number, area, text]) => {
    const [parent, part] = number.split(' ');
    return { number, text, area: part ? '' : area, parent: part ? parent! : '' };
  });

/** What has been done about some points: which, what, expected, and how it stands. */
const done: [number: string, title: string, expected: string, status: 'in-progress' | 'done' | null][] = [
  ['1', 'Spørre beboerne med hjelp fra andre enn avdelingen', 'Beboerne sier fritt hva de mener', null],
  ['2', 'Undersøkelse i hele helse og mestring', 'Alle ansatte er spurt om det samme', 'done'],
  [
    '3',
    'Lederevaluering med egen rapport til hver leder',
    'Lederne vet hva de skal holde fast ved',
    'in-progress',
  ],
  ['4', 'Svar i avvikssystemet og på avdelingsmøtet', 'Den som melder, vet hva som ble gjort', 'in-progress'],
  ['5', 'Årsaksanalyse sammen med dem det gjelder', 'Vi lærer av det som gikk galt', 'done'],
  ['6', 'Opplæringsplan før første vakt', 'Ingen står alene den første uka', 'in-progress'],
  ['7 a', 'Språkhjelpere i sykehjemmene', 'Lettere å øve i hverdagen', 'in-progress'],
  ['8', 'Nærvær som delmål i alle IA-planer', 'Hver enhet arbeider med sitt eget nærvær', 'done'],
  ['9', 'Fast punkt i medbestemmelsesmøtet', 'Tillitsvalgte er med før noe er bestemt', 'in-progress'],
  ['13', 'Status punkt for punkt fra levende tiltak', 'Utvalget ser det samme som enhetene', 'in-progress'],
];

/** The council's decision of thirteen points and nine proposals, with what is being done about some of them. */
export async function lists(main: Main, now: Date) {
  const [area] = await main.select().from(unit).where(eq(unit.code, 'HM'));
  const by = permitForMachine<never>(area!.leaderId);
  const decidedOn = Day.plus(Day.at(now), -300);
  const year = decidedOn.slice(2, 4);
  const heads: [Mandate.Head, typeof decision][] = [
    [
      {
        title: 'Tillit til helse- og omsorgstjenestene: 13 punkter',
        ...{ origin: 'Kommunestyret', caseNumber: `24/${year}`, decidedOn },
      },
      decision,
    ],
    [
      {
        title: 'Ni forslag etter lederevalueringen',
        ...{ origin: 'Ledergruppa, etter råd utenfra', caseNumber: '', decidedOn: Day.plus(decidedOn, 60) },
      },
      proposals,
    ],
  ];
  for (const [head, rows] of heads) {
    const added = await mandates.add(main, head, itemsOf(rows), now, by);
    if (!added.ok) throw new Error(`The demo's list was refused: ${added.refusals.join()}`);
    if (rows !== decision) continue;
    const items = await mandates.items(main, added.id, now);
    for (const [number, title, expected, status] of done) {
      const at = new Date(`${Day.plus(decidedOn, 40)}T09:00:00Z`);
      const written = {
        ...{ title, expected, ownerId: area!.leaderId, ownerRole: null },
        ...{ startsOn: Day.plus(decidedOn, 45), dueOn: Day.plus(Day.at(now), status === 'done' ? -40 : 60) },
      };
      const itemIds = items.filter((one) => one.number === number).map((one) => one.id);
      const made = await measures.add(main, area!.id, written, { itemIds }, at, by);
      if (!made.ok) throw new Error(`The demo's measure was refused: ${made.refusals.join()}`);
      if (status === null) continue;
      const [seen] = await measureStatus.history(main, made.id);
      const sentence = status === 'done' ? 'Gjennomført i alle enheter.' : 'I gang i de fleste enhetene.';
      const when = new Date(`${Day.plus(Day.at(now), -50)}T09:00:00Z`);
      await measureStatus.set(main, made.id, { status, sentence, seen: seen!.id }, when, by);
    }
  }
}
