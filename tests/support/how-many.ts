import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import * as Day from '#domain/day.ts';
import * as Measure from '#domain/measure.ts';
import type { Stage } from '#domain/meeting.ts';
import * as Report from '#domain/report.ts';
import type { TreeNode } from '#domain/round.ts';
import * as Step from '#domain/step.ts';
import * as agreements from '#server/agreements.ts';
import type { Main } from '#server/db.ts';
import * as meetings from '#server/meetings.ts';
import * as plans from '#server/plans.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as schema from '#server/schema.ts';
import * as tasks from '#server/tasks.ts';
import { must } from './must.ts';
import { storeRelease } from './stored.ts';
import { permit } from './town.ts';

const now = new Date();
const today = Day.at(now);
const year = Number(today.slice(0, 4));
const at = (days: number) => new Date(now.getTime() + days * 24 * 3600_000);
const on = (days: number) => Day.plus(today, days);
const roundId = (i: number) => `r${String(i).padStart(7, '0')}`;

/** One of some, the same for the same number. */
const among = <T>(all: readonly T[], i: number): T => all[i % all.length]!;

const work = ['hjemmetjeneste sør', 'habilitering og avlastning', 'psykisk helsearbeid', 'renhold'];
const surnames = ['Berg', 'Johannessen-Kristoffersen', 'Å'];
const areas = ['Ledelse', 'Bemanning', 'Rekruttering og kompetanse'];
const deeds = [
  'ti minutter om arbeidsdagen før vaktskiftet',
  'lage en fast plan for opplæring av nyansatte og ferievikarer',
  'rydde i arbeidsoppgavene',
  'gå gjennom medarbeiderundersøkelsesoppfølgingsplanen hver måned',
];

/** The town's node is first; it is a group itself where no others are below it. */
const nodeOf = (code: string, name: string, i: number, below: number): TreeNode => ({
  ...{ id: String(i + 1).padStart(4, '0'), parent: i === 0 ? null : '0001', part: 'whole', units: [code] },
  ...{ name, level: null, invited: i === 0 ? 20 * Math.max(1, below) : 20, group: i > 0 || below === 0 },
});

/**
 * A town with nothing in it, and then so many of each thing that a page lists, each named by its number: "Tiltak 7".
 * keeper: a person with roles, and from begin() the leader of the one unit that all the others lie under.
 */
export async function emptyTown(main: Main) {
  await main.insert(schema.house).values({ demo: false, name: 'Testvik' }).onConflictDoNothing();
  await main.delete(schema.questionnaire);
  const named = { name: 'Kari Nordmann-Vestergaard', email: 'kari@testvik.example' };
  const keeper = await made(schema.person, named);
  for (const role of ['hr', 'union'])
    await main.insert(schema.role).values({ personId: keeper, role, givenAt: now });
  const ids: Record<string, string> = { ROUND: 'aaaaaaaa', LIVE: 'bbbbbbbb', NOBODY: keeper };
  let have = 0;

  async function made(table: { id: unknown } & object, values: object): Promise<string> {
    const [row] = await main
      .insert(table as typeof schema.person)
      .values(values as never)
      .returning();
    return row!.id;
  }

  /** What there has to be before anything can be in it: a unit, two meetings, a plan, a list, a report. */
  async function begin() {
    const top = { code: 'TK', name: 'Testvik kommune', level: 'kommune', leaderId: keeper };
    ids.UNIT = await made(schema.unit, { ...top, validFrom: '2020-01-01' });
    const post = { key: 'keeper', personId: keeper, unitId: ids.UNIT, validFrom: '2020-01-01' };
    await main.insert(schema.position).values(post);
    await questionnaires.shipOwn(main, now);
    const nodes = [nodeOf('TK', top.name, 0, 0)];
    await storeRelease(main, 'aaaaaaaa', 'employee', at(-40), { nodes });
    await storeRelease(main, 'bbbbbbbb', 'extraordinary', at(-60), { nodes });
    ids.HELD = must(await meetings.ensure(main, 'aaaaaaaa', 'TK', now, permit())).id;
    ids.MEETING = must(await meetings.ensure(main, 'bbbbbbbb', 'TK', now, permit())).id;
    await meetings.open(main, ids.MEETING, permit());
    ids.CODE = (await meetings.find(main, ids.MEETING))!.code!;
    const wanted = { kind: 'business', unitCode: 'TK', year, fromEarlier: false, wished: true };
    ids.PLAN = must(await plans.begin(main, wanted, now, permit())).id;
    ids.MANDATE = await list(1);
    ids.REPORT = await made(schema.report, { unitId: ids.UNIT, year, period: 'annual', startedAt: now });
  }

  const list = (i: number) =>
    made(schema.mandate, {
      title: `Vedtak ${i} om arbeidsmiljøet i sykehjemmene og hjemmetjenestene`,
      ...{ origin: 'Kommunestyret', caseNumber: `${i}/26`, decidedOn: on(-i), createdAt: now },
    });

  /** Adds until there are so many of each. */
  async function fill(n: number) {
    const added = Array.from({ length: n - have }, (_, i) => have + i + 1);
    const isFirst = have === 0;
    have = n;
    const unitIds = await fillUnits(added);
    await fillRounds(added);
    await fillMeetings(added, isFirst);
    await fillMandates(added);
    await fillPlans(added, unitIds);
    await fillMeasures(added);
    await fillReports(added, unitIds);
    await fillFollowUp(isFirst ? 'cccccccc' : 'dddddddd', isFirst ? -35 : -30);
    const of = { agreedOn: today, forum: 'staff-meeting' };
    ids.AGREEMENT = must(await agreements.agree(main, ids.PLAN!, of, now, permit())).id;
  }

  async function fillUnits(added: number[]): Promise<string[]> {
    const people = added.map((i) => ({
      ...{ id: randomUUID(), employeeNumber: String(1000 + i), name: `Ansatt ${i} ${among(surnames, i)}` },
      email: `ansatt.nummer.${i}@omsorg.testvik.kommune.example`,
    }));
    const units = added.map((i, n) => ({
      ...{ id: randomUUID(), code: `TK-${i}`, name: `Avdeling ${i} ${among(work, i)}`, level: 'avdeling' },
      ...{ parentId: ids.UNIT, leaderId: people[n]!.id, validFrom: '2020-01-01' },
    }));
    const posts = added.map((i, n) => ({ key: `post-${i}`, personId: people[n]!.id, unitId: units[n]!.id }));
    await main.insert(schema.person).values(people);
    await main.insert(schema.unit).values(units);
    await main.insert(schema.position).values(posts.map((post) => ({ ...post, validFrom: '2020-01-01' })));
    const roles = posts.map(({ personId, unitId }) => ({ personId, unitId, role: 'safety', givenAt: now }));
    await main.insert(schema.role).values(roles);
    ids.SOMEBODY ??= people[0]!.id;
    return units.map(({ id }) => id);
  }

  async function fillRounds(added: number[]) {
    // Of residents: staff who are asked two hundred times are weighed day by day against them all.
    const resident = (await questionnaires.latest(main, 'resident'))!;
    const planned = { questionnaireId: resident.id, unitIds: [ids.UNIT!], state: 'planned' };
    const rule = { inPostOn: today, minimumShare: 0, kinds: [], includeOnLeave: false };
    const thresholds = { factor: 5, statement: 10, invited: 7 };
    await main.insert(schema.round).values(
      added.map((i) => ({
        ...{ id: roundId(i), name: `Runde ${i} for beboere og pårørende`, ...planned, rule, thresholds },
        ...{ opensAt: at(30 + (i % 20)), stopsAt: at(51 + (i % 20)), reminders: [7, 14] },
      })),
    );
    await tasks.keep(main, now);
    await main.insert(schema.programme).values(
      added.map((i) => ({
        ...{ name: `Program ${i} for pårørende`, questionnaireKey: 'resident', unitIds: [ids.UNIT!] },
        ...{ firstYear: year + (i % 2), everyYears: 2, month: (i % 12) + 1, windowDays: 21, createdAt: now },
      })),
    );
    await main.insert(schema.questionnaire).values(
      added.map((i) => {
        const key = `own-${i}`;
        const content = { ...resident.content, key, title: { nb: `Skjema ${i} for pårørende` } };
        return { key, version: 1, kind: 'resident', addedAt: now, content };
      }),
    );
    await main.insert(schema.imported).values(
      added.map((i) => ({
        ...{ kind: among(['units', 'people'], i), fileName: `Import ${i} fra lønnssystemet.csv` },
        ...{ content: {}, previewedAt: at(-i), confirmedAt: i % 3 ? at(-i) : null },
      })),
    );
  }

  async function fillMeetings(added: number[], isFirst: boolean) {
    const held = ids.HELD!;
    const points = added.slice(0, isFirst ? 1 : 3).map((i) => {
      const title = `Punkt ${i}: informasjonsflyten mellom vaktene`;
      const of = { id: randomUUID(), meetingId: held, kind: i % 2 ? 'improve' : 'keep', position: i };
      return { ...of, title, source: 'own', ref: title };
    });
    await main.insert(schema.point).values(points);
    const pointId = (ids.POINT ??= points[0]!.id);
    const causes = added.map((i) => ({
      ...{ pointId, kind: i % 2 ? 'promotes' : 'hinders', addedAt: now },
      text: `Årsak ${i}: det er vanskelig å ${among(deeds, i)}`,
    }));
    await main.insert(schema.cause).values(causes);
    for (const meetingId of [held, ids.MEETING!]) {
      const sittings = added.map((i) => ({
        ...{ meetingId, startsAt: at(-i), place: `Samling ${i} på pauserommet i andre etasje` },
        ...{ heldAt: at(-i), tookPart: i === 1 ? 1 : 12 },
      }));
      await main.insert(schema.sitting).values(sittings);
      const candidates = added.map((i) => {
        const ref = `Forslag ${i}: ${among(deeds, i)}`;
        const of = { meetingId, kind: i % 2 ? 'improve' : 'keep', source: 'own' };
        return { ...of, ref, title: { nb: ref }, votes: i };
      });
      await main.insert(schema.candidate).values(candidates);
    }
    const said = { personId: ids.SOMEBODY!, role: 'safety' };
    const remarks = added.map((i) => ({ ...said, text: `Merknad ${i}: ${among(deeds, i)}`, at: at(-i) }));
    for (const beside of [{ planId: ids.PLAN }, { meetingId: held }])
      await main.insert(schema.remark).values(remarks.map((one) => ({ ...one, ...beside })));
    const fewerReason = isFirst ? 'Vi er få, og vil gjøre én ting ordentlig.' : null;
    await main
      .update(schema.meeting)
      .set({ stage: 'ended', voters: 12, agreedAt: now, fewerReason })
      .where(eq(schema.meeting.id, held));
  }

  async function fillMandates(added: number[]) {
    for (const i of added.filter((i) => i > 1)) await list(i);
    const items = added.map((i) => ({
      ...{ id: randomUUID(), mandateId: ids.MANDATE!, position: i, number: String(i), area: among(areas, i) },
      text: `Krav ${i}: Kommunen skal ${among(deeds, i)}, og melde tilbake til utvalget.`,
    }));
    await main.insert(schema.mandateItem).values(items);
    ids.ITEM ??= items[0]!.id;
  }

  async function fillPlans(added: number[], unitIds: string[]) {
    const planId = ids.PLAN!;
    const rows = added.map((i) => ({
      ...{ id: randomUUID(), planId, position: i, text: `Mål ${i}: et godt og trygt arbeidsmiljø` },
    }));
    await main.insert(schema.goal).values(rows);
    const under = { planId, parentId: rows[0]!.id, position: 1, text: 'Medvirkning i hele kommunen' };
    ids.GOAL ??= await made(schema.goal, under);
    const plans = unitIds.map((unitId, i) => ({
      unitId,
      kind: among(['ia', 'hms'], i),
      year,
      createdAt: now,
    }));
    await main.insert(schema.plan).values(plans);
    const earlier = added
      .filter((i) => i > 1)
      .map((i) => ({ planId, agreedOn: on(-i), forum: `Forum ${i} for medbestemmelse`, at: at(-i) }));
    if (earlier.length > 0)
      await main.insert(schema.agreement).values(earlier.map((one) => ({ ...one, content: { goals: [] } })));
  }

  async function fillMeasures(added: number[]) {
    const rows = added.map((i) => ({
      ...{ id: randomUUID(), unitId: ids.UNIT!, title: `Tiltak ${i}: ${among(deeds, i)}` },
      expected: 'Flere vet hva de skal gjøre, og færre er alene om det vanskelige',
      ...{ ownerId: keeper, ownerRole: i % 2 ? null : 'Ansvarsvakt' },
      ...{ startsOn: on(-60), dueOn: on(i === 1 ? 10 : (i % 90) - 40) },
      status: i === 1 ? ('in-progress' as const) : among(Measure.statuses, i),
    }));
    await main.insert(schema.measure).values(rows);
    const first = (ids.MEASURE ??= rows[0]!.id);
    const versions = rows.map(({ id, title, expected, ownerId, ownerRole, startsOn, dueOn }) => {
      const words = { title, expected, ownerId, ownerRole: ownerRole ?? '' };
      return { measureId: id, version: 1, content: { ...words, startsOn, dueOn }, at: at(-50) };
    });
    await main.insert(schema.measureVersion).values(versions);
    const said = rows.flatMap(({ id, status }, n) => [
      { measureId: id, status: 'not-started', sentence: '', at: at(-50) },
      {
        measureId: id,
        status,
        sentence: among(['Vi er godt i gang.', 'Det tar tid å få alle med.'], n),
        at: at(-40),
      },
      {
        ...{ measureId: first, status: 'in-progress', at: at(-30) },
        sentence: `Status ${added[n]}: vi prøver ordningen på kveldsvaktene`,
      },
    ]);
    await main.insert(schema.measureStatus).values(said);
    const each = rows.map(({ id: measureId }) => ({ measureId }));
    await main.insert(schema.measurePoint).values(each.map((of) => ({ ...of, pointId: ids.POINT! })));
    await main.insert(schema.measureItem).values(each.map((of) => ({ ...of, itemId: ids.ITEM! })));
    await main.insert(schema.measureGoal).values(each.map((of) => ({ ...of, goalId: ids.GOAL!, at: now })));
  }

  async function fillReports(added: number[], unitIds: string[]) {
    const words = 'Vi er i rute.';
    const content = { to: null, by: 'Kari', words, measures: [], below: [], total: Report.sum([]) };
    const rows = added.map((i, n) => ({
      ...{ unitId: unitIds[n]!, year, period: 'annual', startedAt: now, words },
      ...(i % 3 === 0 && {
        ...{ handedAt: now, handedBy: keeper, content: { ...content, unit: `Avdeling ${i}` } },
      }),
    }));
    await main.insert(schema.report).values(rows);
  }

  /** The newest round, in which every unit was and has come so far. */
  async function fillFollowUp(roundId: string, released: number) {
    const all = await main.select().from(schema.unit);
    const sorted = all.toSorted((a, b) => Number(b.code === 'TK') - Number(a.code === 'TK'));
    const nodes = sorted.map(({ code, name }, i) => nodeOf(code, name, i, sorted.length - 1));
    ids.ROUND = roundId;
    await storeRelease(main, roundId, 'employee', at(released), { nodes });
    await main.update(schema.meeting).set({ roundId }).where(eq(schema.meeting.id, ids.HELD!));
    const taken = sorted.flatMap(({ id: unitId }, i) =>
      Step.steps.slice(0, i % 6).map((step) => ({ roundId, unitId, step, at: at(-20) })),
    );
    await main.insert(schema.step).values(taken);
    const held = { roundId, stage: 'ended', agreedAt: at(-10), createdAt: at(-20) };
    const others = sorted.slice(1).map(({ id: unitId }) => ({ ...held, unitId }));
    await main.insert(schema.meeting).values(others);
  }

  /** Sets the live meeting back or forth. */
  const stage = (to: Stage) =>
    main.update(schema.meeting).set({ stage: to }).where(eq(schema.meeting.id, ids.MEETING!));

  return { keeper, ids, begin, fill, stage };
}
