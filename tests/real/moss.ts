/*
 * Points and measures that departments really chose, entered the way they would: two counted rounds (a user survey and
 * an employee survey), a meeting for each unit, points in its own words, measures, a business plan, a tertial report,
 * and a committee's list made of them; then the pages as pictures. Run by hand, since the files are not ours to keep:
 *   node tests/real/moss.ts UNITS.csv POINTS.csv FOLDER-FOR-PICTURES
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { eq } from 'drizzle-orm';
import * as Csv from '#domain/csv.ts';
import * as Mandate from '#domain/mandate.ts';
import * as Point from '#domain/point.ts';
import type { TreeNode } from '#domain/round.ts';
import { permitForMachine } from '#server/gate.ts';
import * as agreements from '#server/agreements.ts';
import * as goals from '#server/goals.ts';
import * as imports from '#server/imports.ts';
import * as mandates from '#server/mandates.ts';
import * as measureStatus from '#server/measure-status.ts';
import * as measures from '#server/measures.ts';
import * as meetings from '#server/meetings.ts';
import * as placings from '#server/placings.ts';
import * as plans from '#server/plans.ts';
import * as points from '#server/points.ts';
import { present } from '#server/presenting.ts';
import * as releases from '#server/releases.ts';
import * as reports from '#server/reports.ts';
import { goal, measureItem, measurePoint, person, position, role, unit } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import * as steps from '#server/steps.ts';
import { findBrowser } from '../support/browser.ts';
import { must } from '../support/must.ts';
import { ownServer } from '../support/server.ts';
import { storeRelease } from '../support/stored.ts';

const [unitsFile, pointsFile, folder] = process.argv.slice(2);
if (!unitsFile || !pointsFile || !folder) throw new Error('Name the units, the points and a folder.');

const at = (day: string) => new Date(`${day}T09:00:00Z`);

const file = Csv.read(readFileSync(pointsFile));
if (!file.ok) throw new Error(file.refusal);
const cell = (cells: string[], name: string) => cells[file.columns.indexOf(name)] ?? '';
const rows = file.rows.map(({ cells }) => ({
  code: cell(cells, 'enhet'),
  survey: cell(cells, 'undersøkelse'),
  kind: cell(cells, 'type') === 'bevaring' ? ('keep' as const) : ('improve' as const),
  theme: cell(cells, 'tema'),
  count: Number(cell(cells, 'antall_tiltak')),
  gists: cell(cells, 'tiltak_stikkord').split(' | '),
}));

const server = await ownServer();
Object.assign(process.env, { DATABASE_URL: server.mainUrl, BOX_DATABASE_URL: server.boxUrl });
const { main } = server;
try {
  const seen = must(
    await imports.previewUnits(main, permitForMachine(), readFileSync(unitsFile), 'units', at('2025-01-02')),
  );
  must(await imports.confirm(main, permitForMachine(), seen.id, at('2025-01-02')));
  const units = await main.select().from(unit);
  const leaderOf = new Map<string, string>();
  for (const { id, code } of units) {
    const [leader] = await main
      .insert(person)
      .values({ employeeNumber: code, name: `Leder ${code}` })
      .returning();
    await main
      .insert(position)
      .values({ key: code, personId: leader!.id, unitId: id, validFrom: '2025-01-01' });
    await main.update(unit).set({ leaderId: leader!.id }).where(eq(unit.id, id));
    leaderOf.set(code, leader!.id);
  }
  const [hr] = await main.insert(person).values({ name: 'HR' }).returning();
  await main.insert(role).values({ personId: hr!.id, role: 'hr', givenAt: at('2025-01-02') });

  const top = units.find(({ parentId }) => parentId === null)!;
  const nodes: TreeNode[] = [top, ...units.filter((one) => one.id !== top.id)].map(({ code, name }, i) => ({
    ...{ id: String(i + 1).padStart(4, '0'), parent: i === 0 ? null : '0001', part: 'whole' as const },
    ...{ name, units: [code], level: null, invited: i === 0 ? 20 * (units.length - 1) : 20, group: i > 0 },
  }));
  const surveys = [
    { name: 'brukerundersøkelse 2025', key: 'resident', id: 'user2025', on: '2025-10-03' },
    {
      name: 'ekstraordinær medarbeiderundersøkelse 2025',
      key: 'extraordinary',
      id: 'staff025',
      on: '2025-11-03',
    },
  ];
  for (const { id, key, on } of surveys) await storeRelease(main, id, key, at(on), { nodes });

  for (const { name, id: roundId, on } of surveys)
    for (const [code, mine] of Map.groupBy(
      rows.filter(({ survey }) => survey === name),
      (row) => row.code,
    )) {
      const of = units.find((one) => one.code === code)!;
      const by = permitForMachine<never>(leaderOf.get(code)!);
      const day = (days: number) => new Date(at(on).getTime() + days * 24 * 3600_000);
      for (const [step, days] of [
        ['received', 2],
        ['prepared', 12],
      ] as const)
        await steps.take(main, roundId, of.id, step, day(days), by.by);
      const place = { roundId, unitId: of.id, unitCode: code, releasedAt: at(on) };
      must(
        await present(main, place, { day: day(20).toISOString().slice(0, 10), tookPart: '14' }, day(20), by),
      );
      const meeting = must(await meetings.ensure(main, roundId, code, day(20), by));
      const written = Point.written([], null);
      for (const kind of Point.kinds)
        mine
          .filter((row) => row.kind === kind)
          .forEach((row, i) => (written[`${kind}-${i + 1}-title` as 'keep-1-title'] = row.theme));
      const table = {
        meetingId: meeting.id,
        unitCode: code,
        figures: (await releases.inRoom(main, roundId))!.figures,
      };
      const typed = { base: Point.written([], null), mine: written, drop: false };
      const without = await points.choose(main, table, typed, 'nb', by);
      if (!without.ok) {
        console.log(
          `${code}, ${name}: uten grunn avvist (${without.refusals.map((one) => one.refusal).join()})`,
        );
        written.reason = 'Som rapportert';
        must(await points.choose(main, table, typed, 'nb', by));
      }
      for (const point of await points.list(main, { meetingIds: [meeting.id] }))
        for (const title of mine.find(({ theme }) => theme === point.title)!.gists) {
          const measure = {
            ...{ title, expected: point.title, ownerId: by.by, ownerRole: null },
            ...{ startsOn: '2026-01-05', dueOn: '2026-12-01' },
          };
          must(await measures.add(main, of.id, measure, { pointIds: [point.id] }, day(30), by));
        }
      must(await points.agree(main, meeting.id, day(35), by));
    }

  const director = permitForMachine<never>(leaderOf.get('HM')!);
  const wanted = { kind: 'business', unitCode: 'HM', year: 2026, fromEarlier: false, wished: false };
  const plan = must(await plans.begin(main, wanted, at('2026-01-10'), director));
  await goals.addSuggested(
    main,
    plan.id,
    [{ text: 'Tillit til tjenestene', subGoals: ['Brukere og pårørende', 'Ansatte'] }],
    director,
  );
  const all = await measures.list(main, {}, at('2026-01-10'));
  const users = await points.list(main, {});
  for (const { id, text, parentId } of await main.select().from(goal)) {
    if (parentId === null) continue;
    const round = text === 'Ansatte' ? 'staff025' : 'user2025';
    const pointIds = users.filter((point) => point.round.id === round).map((point) => point.id);
    const measureIds = (await measures.list(main, { pointIds }, at('2026-01-10'))).map((one) => one.id);
    must(await placings.place(main, plan.id, { goalId: id, measureIds }, at('2026-01-12'), director));
  }
  const agreed = { agreedOn: '2026-01-20', forum: 'co-determination' };
  must(await agreements.agree(main, plan.id, agreed, at('2026-01-20'), director));
  for (const [i, one] of all.entries()) {
    const [held] = await measureStatus.history(main, one.id);
    const status = i % 3 === 0 ? 'done' : 'in-progress';
    const said = { status, sentence: i % 3 === 0 ? 'Gjort.' : 'Vi er i gang.', seen: held!.id };
    must(await measureStatus.set(main, one.id, said, at('2026-03-10'), director));
  }
  await reports.start(main, at('2026-05-01'));
  const ids = units.map(({ id }) => id);
  const waits = await reports.waiting(main, ids, at('2026-05-01'));
  // Those below hand in first: what is above gathers it.
  for (const one of waits.toSorted((a, b) => b.unit.code.length - a.unit.code.length)) {
    if (one.period !== 't1' || one.unit.code === 'HM-HJ' || one.unit.id === top.id) continue;
    const by = permitForMachine<never>(leaderOf.get(one.unit.code)!);
    must(
      await reports.hand(
        main,
        one.id,
        { words: 'Vi er i rute.', begun: '', version: 1 },
        at('2026-05-08'),
        by,
      ),
    );
  }
  const head = {
    title: 'Tiltak etter undersøkelsene',
    origin: 'Hovedutvalget',
    caseNumber: '24/25',
    decidedOn: '2026-02-01',
  };
  const themes = [...new Set(rows.map(({ theme }) => theme))];
  const { items } = Mandate.parse(themes.map((theme, i) => `${i + 1}. ${theme}`).join('\n'));
  const list = must(await mandates.add(main, head, items, at('2026-02-02'), permitForMachine()));

  for (const item of await mandates.items(main, list.id, at('2026-02-02'))) {
    const pointIds = users.filter((point) => point.title === item.text).map(({ id }) => id);
    for (const pointId of pointIds) {
      const tied = await main.select().from(measurePoint).where(eq(measurePoint.pointId, pointId));
      await main
        .insert(measureItem)
        .values(tied.map(({ measureId }) => ({ measureId, itemId: item.id })))
        .onConflictDoNothing();
    }
  }

  const stated = rows.reduce((sum, row) => sum + row.count, 0);
  console.log(`${rows.length} punkter, ${stated} tiltak i fila; ${users.length} og ${all.length} lagt inn.`);
  if (users.length !== rows.length || all.length !== stated)
    throw new Error('Something was lost on the way.');

  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ ...(await findBrowser()) });
  const t1 = (await reports.list(main, { year: 2026 })).find(
    (one) => one.period === 't1' && one.unit.code === 'HM',
  );
  const pages = {
    plan: [leaderOf.get('HM')!, `/plans/${plan.id}`],
    report: [leaderOf.get('HM')!, `/reports/${t1!.id}`],
    'follow-up': [hr!.id, '/follow-up?round=staff025'],
    list: [hr!.id, `/mandates/${list.id}`],
  } as const;
  for (const [name, [who, address]] of Object.entries(pages))
    for (const width of [1280, 320]) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'nb-NO' });
      const token = await sessions.create(main, who, new Date());
      await context.addCookies([{ name: 'session', value: token, url: server.origin }]);
      const page = await context.newPage();
      await page.goto(server.origin + address);
      await page.screenshot({ path: path.join(folder, `${name}-${width}.png`), fullPage: true });
      await context.close();
    }
  await browser.close();
  console.log(`Bildene ligger i ${folder}.`);
} finally {
  await server.stop();
}
