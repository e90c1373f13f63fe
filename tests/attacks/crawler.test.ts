import { strToU8, unzipSync, zipSync } from 'fflate';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Role } from '#domain/access.ts';
import * as Comment from '#domain/comment.ts';
import * as Day from '#domain/day.ts';
import { fingerprintSigns } from '#domain/keylist.ts';
import * as Mandate from '#domain/mandate.ts';
import { codeWords } from '#domain/meeting.ts';
import * as Point from '#domain/point.ts';
import * as Release from '#domain/release.ts';
import type { RoundTree } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';
import { ballotsOf } from '#server/box.ts';
import * as calendarLinks from '#server/calendar-links.ts';
import * as clock from '#server/clock.ts';
import { follow } from '#server/closing.ts';
import { type Permit, permitForMachine } from '#server/gate.ts';
import * as goals from '#server/goals.ts';
import { mailState } from '#server/invitations.ts';
import * as mandates from '#server/mandates.ts';
import * as measures from '#server/measures.ts';
import * as meetings from '#server/meetings.ts';
import * as plans from '#server/plans.ts';
import * as points from '#server/points.ts';
import { present } from '#server/presenting.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as releases from '#server/releases.ts';
import * as reports from '#server/reports.ts';
import * as rounds from '#server/rounds.ts';
import { position, unit } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { astray, hiddenIn, numeral, toldApart, unlike, wide } from '#tests/support/astray.ts';
import { crawl, type Handed, numerals, pieces } from '#tests/support/crawl.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { explained } from '#tests/support/explained.ts';
import { meetingOf, phone } from '#tests/support/meetings.ts';
import { must } from '#tests/support/must.ts';
import { type Letter, postOffice } from '#tests/support/post-office.ts';
import { type Program, startProgram } from '#tests/support/program.ts';
import { type Ballots, chance, questionnaire } from '#tests/support/survey.ts';
import { frozen, permit, roleHolders, town } from '#tests/support/town.ts';

vi.setConfig({ hookTimeout: 600_000 });

/*
 * A town with two released rounds and an open one, where some groups' figures are withheld for every reason there is.
 * The crawler signs in as every role, follows every link and form that only asks, takes every file and every mail, and
 * takes them apart. Whatever stands in a place for figures, and every decimal number and percentage anywhere, must
 * follow from what the releases say. What it can see is shown first, by what is planted for it.
 */
const asked = questionnaire([2, 2], 1);
asked.key = 'crawled';
asked.scales[0]!.id = 'agreement';
for (const statement of asked.themes.flatMap((theme) => theme.statements)) statement.scale = 'agreement';
asked.background = [
  {
    ...{ id: 'role', kind: 'role', text: { nb: 'Hvilken rolle har du?' } },
    options: [
      { id: 'nurse', text: { nb: 'Sykepleier' } },
      { id: 'helper', text: { nb: 'Fagarbeider' } },
      { id: 'leader', text: { nb: 'Leder' } },
    ],
  },
];
asked.comments = [{ id: 'better', text: { nb: 'Hva kan bli bedre?' } }];
/** By unit: as many write. Of C too few have answered, so that the unit above lists what they wrote; one is held back. */
const writers = { A: 8, B: 6, C: 3, D: 2 };
const words = (code: string, i: number) =>
  `Vi i ${code} trenger ${'abcdefgh'[i]}${code.toLowerCase().repeat(9)}ro`;
const heldBack = words('A', 0);

const sizes = { A: 31, B: 24, C: 7, D: 9, E: 9, F: 13 };
const draw = chance(77);
const about = (middle: number) => () =>
  Array.from({ length: 5 }, () => Math.min(5, Math.max(1, middle + [-1, 0, 0, 1][draw(4)]!)));
const many = (n: number, one: (i: number) => number[]) => Array.from({ length: n }, (_, i) => one(i));

/** C is too few; B and F agree on too much; D shows factors alone; of E only a bound is shown. */
const now2027: Record<string, number[][]> = {
  A: many(28, about(3)),
  B: many(22, (i) => [i ? 1 : 2, 1, 1, i % 3 ? 2 : 1, i % 4 ? 1 : 2]),
  C: many(3, (i) => [2, 5, 1, 1, i + 1]),
  D: many(8, (i) => [2, i % 2 ? 5 : 4, i % 3 ? 3 : 2, 5, 4]),
  E: many(8, (i) => (i > 5 ? [5, 4, 5, 5, 5] : [5, 5, 5, i ? 5 : 4, 4])),
  F: many(12, () => [4, 5, 4, 5, 4]),
};
const earlier2025: Record<string, number[][]> = {
  A: many(25, about(3)),
  B: many(20, about(4)),
  C: many(7, about(3)),
  D: many(3, (i) => [1, 2, 1, 1, i + 1]),
  E: many(9, about(4)),
  F: many(11, about(3)),
};

/** The unit that each is for; null: the whole town. */
const roles: Partial<Record<Role, string | null>> = {
  ...{ union: 'A', safety: 'C', quality: 'H', committee: 'H' },
  ...{ dpo: null, hr: null, operator: null },
};
const everybody = [
  ...['stranger', 'phone', 'employee of A', 'employee of C'],
  ...['leader of A', 'leader of B', 'leader of C', 'director'],
  ...Object.keys(roles),
];
const before = (days: number) => new Date(Date.now() - days * 24 * 3600_000);

let t: TestDatabases;
let program: Program;
const office = postOffice();
/** What had come when all was handed out: the program goes on by the clock. */
const letters: Letter[] = [];
const people = new Map<string, string>();
let counted: string;
/** What phones type to come in, as it is shown: chance may make a number of it. */
const doors: string[] = [];
const made: { id: string; tree: RoundTree; ballots: Ballots; release: Release.Release }[] = [];
const handed: Handed[] = [];

function built(
  id: string,
  name: string,
  tree: RoundTree,
  of: Record<string, number[][]>,
  opened: Date,
  isWritten: boolean,
) {
  const groupOf = (code: string) =>
    tree.nodes.find((node) => node.group && node.units.includes(code) && node.part !== 'leaders')!;
  const tally = Tally.start(asked, tree);
  const ballots: Ballots = {};
  const rest = tree.nodes.filter(
    (node) => node.group && !Object.keys(of).some((code) => groupOf(code) === node),
  );
  for (const node of rest) ballots[node.id] = many(Math.max(0, node.invited - 2), about(3));
  for (const [code, all] of Object.entries(of)) ballots[groupOf(code).id] = all;
  // The groups that are beside the units have one role each.
  const roleOf = (group: string, i: number) => (rest.some(({ id }) => id === group) ? 3 : i % 4);
  for (const [group, all] of Object.entries(ballots))
    all.forEach((one, i) => Tally.add(tally, group, one, [roleOf(group, i)]));
  const n = Object.values(ballots).flat().length;
  const written = Object.entries(writers).flatMap(([code, many]) =>
    Array.from({ length: many }, (_, i) => ({ group: groupOf(code).id, text: words(code, i) })),
  );
  return {
    ballots,
    release: Release.build({
      round: {
        ...{ id, name, kind: asked.kind, dryRun: false, opened: Day.at(opened) },
        ...{ stopped: Day.at(new Date(opened.getTime() + 22 * 24 * 3600_000)) },
        ...{
          fingerprint: fingerprintSigns(new Uint8Array(20)),
          questionnaire: { key: asked.key, version: 1 },
        },
      },
      questionnaire: asked,
      tree,
      thresholds: { factor: 5, statement: 10, invited: 7 },
      tally,
      ballots: { invited: tree.nodes[0]!.invited, received: n, counted: n, unreadable: 0 },
      receiptsSha256: '0'.repeat(64),
      ...(isWritten && {
        written: { limits: Comment.limits, written: [written], isWithheld: ({ text }) => text === heldBack },
      }),
    }),
  };
}

async function planned(name: string, from: Date) {
  await questionnaires.shipOwn(t.main, from);
  await questionnaires.add(t.main, asked, from, permit());
  const found = (await questionnaires.latest(t.main, 'crawled'))!;
  const window = {
    opensAt: new Date(from.getTime() + 3600_000),
    stopsAt: new Date(from.getTime() + 22 * 24 * 3600_000),
  };
  const rule = { inPostOn: Day.at(from), minimumShare: 0, kinds: [], includeOnLeave: false };
  const of = { name, questionnaireId: found.id, unitCodes: ['K'], ...window, rule };
  const plan = must(await rounds.plan(t.main, of, from, permit()));
  await rounds.take(t.main, plan.id, 'approve', from, null);
  return plan.id;
}

/** A round that goes all the way; only its answers are put straight into the count. */
async function released(
  name: string,
  of: Record<string, number[][]>,
  from: Date,
  at: Date,
  isWritten = false,
) {
  const id = await planned(name, from);
  await frozen(t, id, from);
  expect(await clock.open(t.main, t.box, id, from, null)).toMatchObject({ ok: true });
  expect(
    await clock.stop(t.main, t.box, id, new Date(from.getTime() + 22 * 24 * 3600_000), null),
  ).toMatchObject({ ok: true });
  const { tree } = (await rounds.find(t.main, id))!;
  const figures = built(id, name, tree!, of, from, isWritten);
  await t.box`insert into release (round_id, bytes, receipts) values (${id}, ${Release.serialize(figures.release)}, '')`;
  await t.box`drop table ${t.box(ballotsOf(id))}`;
  await t.box`delete from round where id = ${id}`;
  await follow(t.main, t.box, id, at, null);
  made.push({ id, tree: tree!, ...figures });
  return id;
}

async function cast() {
  for (const [who, id] of await roleHolders(t.main, roles, before(900))) people.set(who, id);
  for (const [who, code] of Object.entries({
    'leader of A': 'A',
    'leader of B': 'B',
    'leader of C': 'C',
    director: 'H',
  })) {
    const [led] = await t.main.select().from(unit).where(eq(unit.code, code));
    people.set(who, led!.leaderId!);
    const held = await t.main.select().from(position).where(eq(position.unitId, led!.id));
    const other = held.find(({ personId }) => personId !== led!.leaderId);
    if (other) people.set(`employee of ${code}`, other.personId);
  }
}

/** What people make of the results: meetings at every stage, points, measures, a plan, a list and reports. */
async function followed(ids: Map<string, string>) {
  const { main } = t;
  const { figures } = (await releases.inRoom(main, counted))!;
  for (const code of ['A', 'C']) {
    const place = { roundId: counted, unitId: ids.get(code)!, unitCode: code, releasedAt: before(40) };
    must(await present(main, place, { day: Day.at(before(30)), tookPart: '7' }, before(30), permit()));
    const { id } = must(await meetings.ensure(main, counted, code, before(30), permit()));
    const mine = { ...Point.written([], null), 'keep-1-title': 'Tonen', reason: 'Vi vil ha det enkelt.' };
    mine['keep-1'] = 'own';
    if (code === 'A') mine['improve-1'] = 'factor:f1';
    const of = { meetingId: id, unitCode: code, figures };
    must(await points.choose(main, of, { base: Point.written([], null), mine, drop: false }, 'nb', permit()));
    const chosen = await points.list(main, { meetingIds: [id] });
    const written = {
      expected: 'Ro',
      ownerId: null,
      ownerRole: 'leder',
      startsOn: '2026-01-01',
      dueOn: '2027-02-01',
    };
    for (const one of chosen)
      must(
        await measures.add(
          main,
          ids.get(code)!,
          { title: `Om ${one.title}`, ...written },
          { pointIds: [one.id] },
          before(29),
          permit(),
        ),
      );
    must(await points.agree(main, id, before(28), permit()));
  }
  const wanted = { kind: 'ia', unitCode: 'A', year: 2027, fromEarlier: false, wished: false };
  const plan = must(await plans.begin(main, wanted, new Date(), permit()));
  must(await goals.add(main, plan.id, { text: 'Nærvær', parentId: null }, permit()));
  const decided = { title: 'Punkter', origin: 'Kommunestyret', caseNumber: '', decidedOn: '2026-01-01' };
  must(await mandates.add(main, decided, Mandate.parse('Første punkt').items, new Date(), permit()));
  await reports.start(main, new Date());
  const rooms = [
    await meetingOf(main, counted, 'E', 'alone', new Date()),
    await meetingOf(main, counted, 'D', 'voting', new Date()),
  ] as const;
  for (const { code } of rooms) doors.push(code.toUpperCase(), codeWords(code));
  return rooms[1];
}

beforeAll(async () => {
  [t] = await Promise.all([testDatabases(), office.open()]);
  Object.assign(process.env, { DATABASE_URL: t.mainUrl, BOX_DATABASE_URL: t.boxUrl });
  const { ids } = await town(t.main, sizes);
  await cast();
  await released('Undersøkelsen da', earlier2025, before(760), before(730));
  counted = await released('Undersøkelsen nå', now2027, before(100), before(40), true);
  const open = await planned('Undersøkelsen som er åpen', before(0.2));
  await frozen(t, open, before(0.2));
  const room = await followed(ids);
  const env = { SMTP_URL: office.url(), MAIL_FROM: 'Medvirk <medvirk@testvik.example>' };
  expect(await clock.open(t.main, t.box, open, new Date(), null)).toMatchObject({ ok: true });
  program = await startProgram({ ...t, env });
  const subscriber = permitForMachine(people.get('hr')!) as Permit<'calendar.subscribe'>;
  const secret = await calendarLinks.make(t.main, new Date(), subscriber);
  const { cookie } = await phone(t.main, room.code);
  const from = [
    ...['/', '/results', '/meetings', '/said', '/due', '/measures', '/measures/lookup', '/plans', '/reports'],
    ...['/follow-up', '/mandates', '/units', '/people', '/imports', '/rounds', '/calendar'],
    ...['/questionnaires', `/m/${room.code}`, '/account', '/promise', '/demo/mail'],
  ];
  if (secret.ok) from.push(`/calendar/${secret.secret}.ics`);
  for (const id of [...made.map((one) => one.id), open])
    from.push(
      ...(made[1]?.tree.nodes ?? []).map((node) => `/svar/${id}/group/${node.id}`),
      `/sjekk/${id}`,
      `/svar/${id}/nb`,
      `/svar/${id}/keylist.json`,
      `/svar/${id}/receipts.txt`,
      `/rounds/${id}`,
      `/rounds/${id}/poster.pdf`,
    );
  // What no page leads to, but somebody may write: every unit's pages of every round.
  for (const { id } of made)
    for (const code of ['K', 'H', ...Object.keys(sizes)])
      for (const page of ['results', 'meetings']) from.push(`/${page}/${id}/${code}`);
  const visit = async (who: string) => {
    const personId = people.get(who);
    const token = personId && (await sessions.create(t.main, personId, new Date()));
    const signed = token ? `session=${token}` : who === 'phone' ? `meeting=${cookie}` : '';
    const locale = who === 'director' ? 'en' : who === 'quality' ? 'nn' : 'nb';
    handed.push(...(await crawl(program.origin, who, `${signed}; PARAGLIDE_LOCALE=${locale}`, from)));
  };
  await Promise.all(everybody.map(visit));
  // The program sends by the clock, which may be after the crawler is done.
  await vi.waitUntil(async () => (await mailState(t.main, open)).due === 0, {
    timeout: 150_000,
    interval: 500,
  });
  letters.push(...office.letters);
  handed.push(
    ...letters.map(({ to, text }) => ({
      to,
      at: 'mail',
      type: 'text/plain',
      bytes: Buffer.from(text),
    })),
  );
});
afterAll(async () => {
  await program?.stop();
  await office.close();
  await t?.stop();
});

/** What all of this town's releases explain. */
const holds = () => explained(made.map((one) => one.release));
const astrayHere = (all: Handed[]) => astray(all, holds(), doors);

describe('what is withheld', () => {
  it('is withheld here for every reason there is', () => {
    const { release, tree } = made[1]!;
    const of = (code: string) =>
      release.results[tree.nodes.find(({ units, group }) => group && units[0] === code)!.id];
    expect(of('C')).toBeUndefined();
    expect(of('B')).toMatchObject({ n: 22 });
    expect(of('B')?.factors).not.toHaveProperty('f1');
    expect(of('D')).toMatchObject({ factors: { f1: { n: 8 } }, statements: {} });
    expect(of('E')?.factors.f1 ?? { bound: 'high' }).toEqual({ bound: 'high' });
    expect(of('F')).toEqual({ n: 12, factors: {}, statements: {} });
  });

  it('can be told from all that is shown, so that it would be seen', () => {
    const isShown = holds();
    const told = { exact: 0, rounded: 0, share: 0 };
    for (const { mean, distribution, n } of made.flatMap(hiddenIn)) {
      if (!isShown(numeral(mean, 6), true)) told.exact++;
      if (!isShown(numeral(Math.round(mean * 10) / 10, 1))) told.rounded++;
      for (const count of distribution ?? [])
        if (!isShown(numeral(Math.round((100 * count) / n), 0, true))) told.share++;
    }
    expect(told.exact).toBeGreaterThan(20);
    expect(told.rounded).toBeGreaterThan(12);
    expect(told.share).toBeGreaterThan(3);
  });
});

describe('the crawler', () => {
  it('comes everywhere', () => {
    const met = new Set(handed.map(({ at }) => at.replace(/\?.*/, '')));
    expect([...met].some((at) => at.endsWith('/poster.pdf'))).toBe(true);
    const { id } = made[1]!;
    for (const page of [
      `/results/${id}/K`,
      `/results/${id}/C`,
      `/results/${id}/A/comments.csv`,
      `/results/${id}/H/figures.xlsx`,
      `/results/${id}/B/figures.csv`,
    ])
      expect(met).toContain(page);
    for (const page of [
      `/meetings/${id}/A/minutes.txt`,
      `/meetings/${id}/D/screen`,
      `/said/A`,
      `/sjekk/${id}`,
      '/follow-up/units.xlsx',
    ])
      expect(met).toContain(page);
    for (const of of [
      /^\/reports\/./,
      /^\/plans\/.*xlsx/,
      /^\/mandates\/./,
      /^\/measures\/./,
      /\.ics$/,
      /^\/m\/./,
      /^mail$/,
      /group\//,
    ])
      expect(
        [...met].some((at) => of.test(at)),
        String(of),
      ).toBe(true);
    const readers = [...everybody, ...letters.map(({ to }) => to)];
    expect(new Set(handed.map(({ to }) => to))).toEqual(new Set(readers));
  });

  it('sees what is shown in every form it has', () => {
    const { id, release, tree } = made[1]!;
    const figure = release.results[tree.nodes.find(({ units }) => units[0] === 'A')!.id]!.factors.f1!;
    const mean = 'mean' in figure ? figure.mean : NaN;
    const seen = new Set<string>();
    for (const one of handed.filter(({ at }) => at.startsWith(`/results/${id}/A`)))
      for (const { where, text } of pieces(one))
        for (const { value, decimals } of numerals(text)) {
          const file = /figures\.\w+/.exec(one.at)?.[0] ?? (one.at.includes('__data') ? 'data' : 'page');
          if (decimals > 5 && Math.abs(value - mean) < 1e-9) seen.add(`${file} ${where} exact`);
          if (decimals > 5 && Math.abs(value - (mean - 1) * 25) < 1e-6) seen.add(`${file} ${where} drawn`);
          if (decimals === 1 && value === Math.round(mean * 10) / 10) seen.add(`${file} ${where}`);
        }
    const forms = ['page text', 'page cx drawn', 'data data exact', 'figures.csv cell exact'];
    expect([...seen]).toEqual(
      expect.arrayContaining([...forms, 'figures.xlsx xl/worksheets/sheet1.xml cell exact']),
    );
  });

  it('sees figures by role in every form they have, and comments', () => {
    const { id, release, tree } = made[1]!;
    const [node, byRole] = Object.entries(release.breakdowns![0]!.results)[0]!;
    const figure = byRole.nurse!.factors.f1!;
    const mean = 'mean' in figure ? figure.mean : NaN;
    const [code] = tree.nodes.find((one) => one.id === node)!.units;
    const at = `/results/${id}/${code}`;
    const seen = new Set<string>();
    const said = new Set<string>();
    for (const one of handed)
      for (const { where, text } of pieces(one)) {
        const form =
          /(figures|comments)\.\w+/.exec(one.at)?.[0] ?? (one.at.includes('__data') ? 'data' : 'page');
        if (text.includes(words('A', 1))) said.add(form);
        if (!one.at.startsWith(at)) continue;
        for (const { value, decimals } of numerals(text)) {
          if (decimals > 5 && Math.abs(value - mean) < 1e-9) seen.add(`${form} exact`);
          if (where === 'text' && decimals === 1 && value === Math.round(mean * 10) / 10) seen.add(form);
        }
      }
    const forms = ['page', 'data exact', 'figures.csv exact', 'figures.xlsx exact'];
    expect([...seen]).toEqual(expect.arrayContaining(forms));
    expect([...said]).toEqual(expect.arrayContaining(['page', 'data', 'comments.csv', 'figures.xlsx']));
  });

  const pageOf = (file = '') => {
    const at = `/results/${made[1]!.id}/B${file}`;
    return handed.find((one) => one.at === at && one.to === 'hr')!;
  };
  const changed = (of: Handed, from: RegExp, to: string): Handed => {
    const text = Buffer.from(of.bytes).toString();
    expect(text).toMatch(from);
    return { ...of, bytes: Buffer.from(text.replace(from, to)) };
  };
  const hidden = () => toldApart(hiddenIn(made[1]!), holds());
  const width = () => wide(hiddenIn(made[1]!), holds());
  const packed = (more: Record<string, string>) => {
    const file = pageOf('/figures.xlsx');
    const parts = unzipSync(file.bytes);
    for (const [name, xml] of Object.entries(more)) {
      const before = parts[name] ? Buffer.from(parts[name]).toString() : '';
      parts[name] = strToU8(xml.includes('$&') ? before.replace(/<sheet .*?\/>/, xml) : xml);
    }
    return { ...file, bytes: zipSync(parts) };
  };
  const cell = (value: number) =>
    `<worksheet><sheetData><row><c r="A1"><v>${value}</v></c></row></sheetData></worksheet>`;
  const word = () => hidden().toFixed(1).replace('.', ',');

  it.each<[string, () => Handed]>([
    ['in an attribute that nobody sees', () => changed(pageOf(), /<td /, `<td data-mean="${hidden()}" `)],
    [
      'for those who listen to the page',
      () => changed(pageOf(), /role="img"/, `role="img" aria-description="Snitt ${word()}"`),
    ],
    ['in a sentence', () => changed(pageOf(), /<\/h1>/, `</h1><p>Snittet er ${word()}.</p>`)],
    ['as a share in a sentence', () => changed(pageOf(), /<\/h1>/, '</h1><p>94 % er enige.</p>')],
    ['as where a mark stands', () => changed(pageOf(), /<circle /, `<circle cx="${(hidden() - 1) * 25}%" `)],
    ['as how wide a bar is', () => changed(pageOf(), /<rect /, `<rect width="${width()}%" `)],
    ['as a colour', () => changed(pageOf(), /<td /, '<td style="--tint: 3.26087%" ')],
    ['in a comment', () => changed(pageOf(), /<\/h1>/, `</h1><!-- ${hidden()} -->`)],
    [
      'a number of answers',
      () => changed(pageOf(), /<\/h1>/, `</h1><p>Av dem svarte ${unlike(holds())}.</p>`),
    ],
    ['rounded another way', () => changed(pageOf(), /<\/h1>/, '</h1><p>Snitt 3,06.</p>')],
    [
      'in the data of the page',
      () => ({
        ...pageOf(),
        at: '/results/x/B/__data.json',
        type: 'application/json',
        bytes: Buffer.from(JSON.stringify({ nodes: [{ data: [{ mean: 1 }, hidden()] }] })),
      }),
    ],
    [
      'in a line for machines',
      () => changed(pageOf('/figures.csv?profile=machine'), /$/, `0004,B,f1,22,${hidden()}\r\n`),
    ],
    [
      'on a hidden sheet',
      () => packed({ 'xl/workbook.xml': '$&<sheet name="x" sheetId="99" state="hidden" r:id="rId9"/>' }),
    ],
    ['on another sheet', () => packed({ 'xl/worksheets/sheet9.xml': cell(hidden()) })],
    [
      'in a note in a file',
      () => packed({ 'xl/comments1.xml': `<comments><text><t>Snitt ${word()}</t></text></comments>` }),
    ],
    [
      'in what a file says of itself',
      () =>
        packed({
          'docProps/core.xml': `<coreProperties><description>${word()}</description></coreProperties>`,
        }),
    ],
    [
      'in a mail',
      () => ({ to: 'x', at: 'mail', type: 'text/plain', bytes: Buffer.from(`Snittet hos dere: ${word()}`) }),
    ],
  ])('finds one that is planted %s', (_, plant) => {
    expect(astrayHere([plant()])).not.toEqual([]);
  });
});

describe('what is withheld looks the same whatever the cause', () => {
  /** Fields of each line for machines about a round, as the top of the town is handed it. */
  const lines = (of: number) => {
    const { id } = made[of]!;
    const file = handed.find(
      ({ to, at }) => to === 'hr' && at === `/results/${id}/K/figures.csv?profile=machine`,
    )!;
    return Buffer.from(file.bytes)
      .toString()
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));
  };
  const node = (of: number, code: string) =>
    made[of]!.tree.nodes.find(({ units, group }) => group && units[0] === code)!;
  const line = (of: number, code: string, figure: string) =>
    lines(of).find((fields) => fields[0] === node(of, code).id && fields[6] === figure)!;

  it('in files: few, nearly unanimous, all the same, and what must go with another', () => {
    const causes = [
      line(1, 'C', 'f1'),
      line(1, 'B', 'f1'),
      line(1, 'F', 'f1'),
      line(1, 'D', 'f1s1'),
      line(0, 'D', 'f1'),
      line(0, 'C', 'f1'),
    ];
    expect(made[0]!.release.results[node(0, 'C').id], 'withheld beside D').toBeUndefined();
    expect(new Set(causes.map((fields) => fields.slice(8).join()))).toEqual(new Set([',,,,,,,,yes,']));
    // Of a group of which nothing is shown, nothing but its name, place and number invited is told.
    const alone = (fields: string[]) => fields.slice(4).join();
    expect(alone(line(0, 'C', 'f1'))).toBe(alone(line(0, 'D', 'f1')));
  });

  const cells = (at: string, tag: 'td' | 'p') => {
    const html = Buffer.from(handed.find((one) => one.to === 'hr' && one.at === at)!.bytes).toString();
    const withheld = new RegExp(`<${tag} class="hatched[^>]*>[\\s\\S]*?</${tag}>`, 'g');
    return [...html.matchAll(withheld)].map(([cell]) => cell);
  };

  it('on pages', () => {
    const { id } = made[1]!;
    // In the table of units B and F have the first factor withheld, for two reasons.
    const below = cells(`/results/${id}/H`, 'td').filter((cell) => cell.includes('data-label="Faktor 1"'));
    expect(below.length).toBeGreaterThan(1);
    expect(new Set(below).size).toBe(1);
    // One of them that says why would be seen.
    const why = below.with(0, below[0]!.replace('<td', '<td data-cause="few"'));
    expect(new Set(why).size).toBe(2);
    // C and another unit are withheld as a whole.
    const whole = cells(`/results/${id}/H`, 'td').filter((cell) => cell.includes('colspan'));
    expect(whole.length).toBeGreaterThan(1);
    expect(new Set(whole).size).toBe(1);
    // The statements of D are too few, those of F all the same.
    const [few, same] = ['D', 'F'].map((code) => cells(`/results/${id}/${code}`, 'p'));
    expect(few).toHaveLength(1);
    expect(few).toEqual(same);
  });
});

it('nobody is handed a number that does not follow from the releases', () => {
  expect(astrayHere(handed)).toEqual([]);
});

describe('what was written in own words', () => {
  type Heard = { at: string; text: string };
  let heard: Heard[];
  const listen = (all: Handed[]): Heard[] =>
    all.map((one) => ({
      at: one.at,
      text: pieces(one)
        .map(({ text }) => text)
        .join('\n'),
    }));
  beforeAll(() => {
    heard = listen(handed);
  });
  /** Units whose pages and files a text stands in. */
  const places = (text: string, all = heard) => [
    ...new Set(
      all
        .filter((one) => one.text.includes(text))
        .map(({ at }) => /^\/results\/\w+\/(\w+)/.exec(at)?.[1] ?? at),
    ),
  ];

  it('is found where it is planted', () => {
    const one = handed.find(({ at, to }) => to === 'hr' && at === `/results/${made[1]!.id}/B`)!;
    const text = Buffer.from(one.bytes).toString();
    const planted = { ...one, bytes: Buffer.from(text.replace('</h1>', `</h1><p>${heldBack}</p>`)) };
    expect(places(heldBack, listen([planted]))).toEqual(['B']);
  });

  it('is handed to nobody when it was held back, or had too few beside it', () => {
    const { lists } = made[1]!.release.comments!;
    const listed = new Set(Object.values(lists).flatMap((byQuestion) => Object.values(byQuestion).flat()));
    const all = Object.entries(writers).flatMap(([code, many]) =>
      Array.from({ length: many }, (_, i) => words(code, i)),
    );
    expect(listed.size).toBeGreaterThan(10);
    expect(listed).not.toContain(heldBack);
    for (const text of all) expect(places(text).length > 0, text).toBe(listed.has(text));
  });

  it('stands in the lists of its own node and of what is above, and in no other place', () => {
    const { release, tree } = made[1]!;
    const parent = new Map(tree.nodes.map((node) => [node.id, node.parent]));
    for (const [node, byQuestion] of Object.entries(release.comments!.lists)) {
      const above: string[] = [];
      for (let at: string | null = node; at !== null; at = parent.get(at) ?? null)
        above.push(...tree.nodes.find(({ id }) => id === at)!.units);
      for (const text of Object.values(byQuestion).flat())
        for (const place of places(text)) expect(above, text).toContain(place);
    }
  });
});
