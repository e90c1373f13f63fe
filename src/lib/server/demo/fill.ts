import { sql } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import type { Box, Main } from '#server/db.ts';
import { respond, type World } from '#server/demo/answering.ts';
import { municipality, type Municipality } from '#server/demo/municipality.ts';
import * as history from '#server/demo/history.ts';
import { lists } from '#server/demo/lists.ts';
import { count, must, permit, start } from '#server/demo/running.ts';
import { schooling } from '#server/demo/schooling.ts';
import { surveys } from '#server/demo/surveys.ts';
import * as house from '#server/house.ts';
import * as imports from '#server/imports.ts';
import * as occurrences from '#server/occurrences.ts';
import * as people from '#server/people.ts';
import * as programmes from '#server/programmes.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as rounds from '#server/rounds.ts';
import { imported, occurrence, person } from '#server/schema.ts';
import * as tasks from '#server/tasks.ts';

/** How far a database has come: nobody's (and may become a demo), a demo cut off half-way, a whole demo, or in earnest. */
export async function state(main: Main): Promise<'empty' | 'half' | 'demo' | 'earnest'> {
  const { demo, own, filled } = await house.read(main);
  if (demo) {
    return filled ? 'demo' : 'half';
  }
  const [somebody] = await main.select({ id: person.id }).from(person).limit(1);
  const [something] = await main.select({ id: imported.id }).from(imported).limit(1);
  return own || somebody || something ? 'earnest' : 'empty';
}

/** Empties what a cut-off filling left. Only ever a database that is marked as a demo. */
export async function clear(main: Main, box: Box) {
  const { demo } = await house.read(main);
  if (!demo) throw new Error('Only a demo may be cleared');
  const tables = await main.execute<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  await main.execute(sql.raw(`truncate ${tables.map((t) => t.name).join(', ')} cascade`));
  const ballots =
    await box`select relname from pg_class where relname like 'ballots\\_________' and relkind = 'r'`;
  for (const { relname } of ballots) await box`drop table ${box(relname)}`;
  await box`delete from round`;
  await box`delete from release`;
}

/** Fills an empty database with Fjordvik, by the same use cases as a real municipality's own people would. */
export async function fill(world: World) {
  const { main, now, say } = world;
  const year = now.getUTCFullYear();
  const on = (y: number, month: number, day: number) => new Date(Date.UTC(y, month - 1, day, 7));

  const first = municipality(1);
  await house.found(main, first.name, true);
  await questionnaires.shipOwn(main, on(year - 3, 1, 10));
  say(`Fyller ${first.name} med oppdiktede folk …`);
  await take(main, first, on(year - 3, 1, 10));
  await appoint(main, first, on(year - 3, 1, 11));

  for (const [at, name, lift] of [
    [year - 3, `Medarbeiderundersøkelsen ${year - 3}`, 0],
    [year - 1, `Medarbeiderundersøkelsen ${year - 1}`, 0.12],
  ] as const) {
    const window = { opensAt: on(at, 9, 8), stopsAt: on(at, 9, 29), units: ['FJ'] };
    const id = await start(world, { name, key: 'employee', ...window });
    await respond(world, id, lift, 0.76, on(at, 9, 15), name);
    await count(world, id, window.stopsAt, on(at, 10, 4));
    say(`${name}: avdelingene møtes og skriver tiltak …`);
    const released = { id, name, releasedAt: on(at, 10, 4) };
    await history.followed(main, released, at === year - 3 ? 'HM' : '', followedThen, now);
    await history.planned(
      main,
      at + 1,
      at === year - 3 ? 'HM' : '',
      (code) => at === year - 1 && code === 'HM-TU',
      now,
    );
  }

  // In January, before this year's survey is planned.
  const joined = Math.min(on(year, 1, 12).getTime(), now.getTime() - 85 * 24 * 3600_000);
  await take(main, municipality(2), new Date(joined));
  const [counted] = await Promise.all([inAreas(world), surveys(world)]);

  // The ordinary survey runs every odd year.
  const next = year + 1 + (year % 2);
  const asked = (await questionnaires.latest(main, 'employee'))!;
  const ordinary = must(
    await rounds.plan(
      main,
      {
        name: `Medarbeiderundersøkelsen ${next}`,
        questionnaireId: asked.id,
        unitCodes: ['FJ'],
        opensAt: on(next, 9, 7),
        stopsAt: on(next, 9, 28),
        rule: {
          inPostOn: Day.at(now),
          minimumShare: 20,
          kinds: [],
          includeOnLeave: false,
        },
      },
      now,
      permit(),
    ),
  );
  await recur(main, now, [
    ['extraordinary', year, counted],
    ['employee', next, ordinary.id],
  ]);
  await house.fill(main);
}

/** The health area's survey, counted and followed as far as twenty days go, and one that is open in the schools; the first. */
async function inAreas(world: World): Promise<string> {
  const { main, now, say } = world;
  const before = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);
  const year = now.getUTCFullYear();
  const health = `Helse og mestring: arbeidsmiljø og trygghet ${year}`;
  const inHealth = { opensAt: before(48), stopsAt: before(27), units: ['HM'] };
  const counted = await start(world, { name: health, key: 'extraordinary', ...inHealth });
  await respond(world, counted, 0.05, 0.72, before(40), 'health');
  await count(world, counted, inHealth.stopsAt, before(20));
  const thisYear = { id: counted, name: health, releasedAt: before(20) };
  await history.followed(main, thisYear, 'HM', followedNow, now);
  await lists(main, before(250));
  await history.reported(main, now, (code) =>
    ['HM-HJ', 'HM-HJ-N', 'HM-BO-S', 'TE-VP', 'OP-NS-1'].includes(code),
  );
  say('Planer, tertialrapporter og vedtak er på plass.');

  const school = `Oppvekst: arbeidsmiljø og trygghet ${year}`;
  const inSchools = { opensAt: before(6), stopsAt: before(-15), units: ['OP'] };
  must(await questionnaires.add(main, schooling, before(60), permit()));
  const isOpen = await start(world, { name: school, key: schooling.key, ...inSchools });
  await respond(world, isOpen, 0.05, 0.45, now, 'school');
  say(`${school} er åpen for svar.`);
  return counted;
}

/** The five programmes, those of their runs that have a round already, and HR's tasks, done as far as the day has come. */
async function recur(main: Main, now: Date, ran: [key: string, year: number, roundId: string][]) {
  must(await programmes.addStandard(main, { whole: 'FJ', health: 'HM' }, now, permit()));
  for (const { id, questionnaireKey } of await programmes.list(main))
    for (const [key, year, roundId] of ran)
      if (key === questionnaireKey)
        await main.insert(occurrence).values({ programmeId: id, year, roundId }).onConflictDoNothing();
  await occurrences.plan(main, now);
  const past = (await tasks.open(main, now)).filter(({ dueOn }) => dueOn <= Day.at(now));
  for (const { roundId, kind } of past) await tasks.tick(main, roundId, kind, true, now, permit());
}

/** One never got to the end of it: of a year that has passed, that is what HR's overview is for. */
const followedThen = (code: string): history.Far => (code === 'OP-SS-2' ? 'presented' : 'planned');

/** Twenty days after a release: most have read, some have met, one has agreed. The demo's own leader is about to meet. */
const followedNow = (code: string): history.Far => {
  if (['HM-TU-D', 'HM-HJ-S'].includes(code)) return 'agreed';
  if (['HM-HJ-P', 'HM-BO-R', 'HM-HE-H'].includes(code)) return 'presented';
  if (['HM-SO-1', 'HM', 'HM-HJ', 'HM-NA', 'HM-HE'].includes(code)) return 'prepared';
  if (['HM-SO-2', 'HM-SO-S', 'HM-SO-K', 'HM-BO-L', 'HM-HE-F', 'HM-HE-L', 'HM-TU-2'].includes(code))
    return 'none';
  return 'received';
};

async function take(main: Main, of: Municipality, now: Date) {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (const [kind, text] of [
    ['units', of.unitsCsv],
    ['people', of.peopleCsv],
  ] as const) {
    const read = kind === 'units' ? imports.previewUnits : imports.previewPeople;
    const previewed = must(await read(main, permit(), bytes(text), `fjordvik-${kind}.csv`, now));
    const confirmed = await imports.confirm(main, permit(), previewed.id, now);
    if (!confirmed.ok) throw new Error(`The demo's ${kind} were refused: ${confirmed.refusal}`);
  }
}

async function appoint(main: Main, of: Municipality, now: Date) {
  const numbers = await people.byNumber(
    main,
    of.roles.map((r) => r.employeeNumber),
  );
  for (const { employeeNumber, role, unit } of of.roles)
    must(await people.giveRole(main, permit(), { personId: numbers.get(employeeNumber)!, role, unit }, now));
  for (const { name, email, roles } of of.externals) {
    const { id } = must(await people.addExternal(main, permit(), { name, email }, now));
    for (const { role, unit } of roles)
      must(await people.giveRole(main, permit(), { personId: id, role, unit }, now));
  }
}
