import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Role } from '#domain/access.ts';
import { written } from '#domain/choice.ts';
import type { Publishable } from '#domain/disclosure.ts';
import { type Questionnaire, statements } from '#domain/questionnaire.ts';
import * as Release from '#domain/release.ts';
import type { RoundTree, TreeNode } from '#domain/round.ts';
import * as Tally from '#domain/tally.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { evaluated, position, release, round, unit } from '#server/schema.ts';
import * as sessions from '#server/sessions.ts';
import { astray, hiddenIn, numeral, toldApart, unlike } from '#tests/support/astray.ts';
import { asking } from '#tests/support/choices.ts';
import { crawl, type Handed, pieces } from '#tests/support/crawl.ts';
import { explained } from '#tests/support/explained.ts';
import { pastTheRules } from '#tests/support/kept.ts';
import { ownServer, type OwnServer } from '#tests/support/server.ts';
import { chance } from '#tests/support/survey.ts';
import { permit, roleHolders, town } from '#tests/support/town.ts';

vi.setConfig({ hookTimeout: 600_000 });

/*
 * The other kinds of survey: evaluations of leaders (and the ones before, when another led), residents with help and on
 * behalf, relatives, and questions of named answers. A release is all that is left after the count, so they are stored as
 * the count leaves them. Everybody is crawled twice, the second time with other answers behind every release: a number
 * that has moved, on whatever page, comes from answers, and must follow from the releases too, whole or not.
 */
const sizes = { A: 48, B: 26, C: 9, D: 12, E: 12, F: 16 };
const leaf = (id: string, parent: string, part: TreeNode['part'], code: string, invited: number): TreeNode =>
  // prettier-ignore
  ({ id, parent, part, name: `${code} ${part}`, units: [code], level: null, invited, group: true });
const leaves = [
  ...Object.entries(sizes).map(([code, n], i) => leaf(`000${i + 3}`, '0002', 'whole', code, n)),
  leaf('0009', '0002', 'leaders', 'H', 11),
  leaf('0010', '0001', 'others', 'K', 14),
];
const invited = (of: TreeNode[]) => of.reduce((sum, one) => sum + one.invited, 0);
const inner = (id: string, parent: string | null, code: string, under: TreeNode[]): TreeNode =>
  // prettier-ignore
  ({ id, parent, part: 'whole', name: code, units: [code], level: null, invited: invited(under), group: false });
const tree: RoundTree = {
  nodes: [inner('0001', null, 'K', leaves), inner('0002', '0001', 'H', leaves.slice(0, 7)), ...leaves],
};
const groupOf = (code: string) => leaves.find(({ units }) => units[0] === code)!.id;

type Made = {
  tree: RoundTree;
  ballots: Record<string, number[][]>;
  release: Publishable<Release.Release>;
};

/**
 * C is too few; B agrees on the first factor; D shows factors alone; of E only a bound; F all answer alike. seed: other
 * answers, of as many or fewer people.
 */
function madeOf(id: string, asked: Questionnaire, seed: number): Made {
  const draw = chance(seed);
  const all = statements(asked);
  const scaleOf = (i: number) => asked.scales.find((scale) => scale.id === all[i]!.scale)!;
  const first = new Set(asked.factors[0]!.statements);
  /** One person's marks; of: place on the scale by statement, or null for any. */
  const person = (of: (i: number) => number | null) =>
    all.flatMap((_, i) => {
      const scale = scaleOf(i);
      const { choose, points } = scale;
      if (choose === 'several')
        return written(
          scale,
          points.map(({ value }) => value).filter(() => draw(2) === 1),
        );
      const at = choose ? null : of(i);
      return points[at === null ? draw(points.length) : Math.min(points.length - 1, at)]!.value;
    });
  const many = (n: number, of: (person: number) => (i: number) => number | null) =>
    Array.from({ length: n }, (_, p) => person(of(p)));
  const any = () => () => null;
  const fewer = draw(4);
  const ballots: Record<string, number[][]> = {
    [groupOf('A')]: many(44 - fewer, any),
    [groupOf('B')]: many(22 - fewer, (p) => (i) => (first.has(all[i]!.id) ? (p ? 1 : 0) : null)),
    [groupOf('C')]: many(3, any),
    [groupOf('D')]: many(8, any),
    [groupOf('E')]: many(8, (p) => (i) => (p < 2 && i % 5 === p ? 1 : 9)),
    [groupOf('F')]: many(13, () => () => 1),
    ['0009']: many(9, any),
    ['0010']: many(12 - fewer, any),
  };
  const tally = Tally.start(asked, tree);
  const mode = asked.background?.[0]?.kind === 'mode';
  for (const [group, given] of Object.entries(ballots))
    given.forEach((one, i) =>
      Tally.add(tally, group, one, mode ? [i % 2 ? 2 : 1, i % 2 ? (i % 4) + 1 : 0] : []),
    );
  // Those on behalf are another result: of the whole they are enough, of C too few.
  const behalf = mode ? [...many(12, any).map((one) => ['A', one] as const), ...many(2, any).map((one) => ['C', one] as const)] : []; // prettier-ignore
  for (const [code, one] of behalf) Tally.add(tally, groupOf(code), one, [3, 1]);
  const counted = Object.values(ballots).flat().length + behalf.length;
  return {
    tree,
    ballots,
    release: Release.build({
      round: {
        ...{ id, name: `Runde ${id}`, kind: asked.kind, dryRun: false, opened: '2026-03-01' },
        ...{ stopped: '2026-03-22', fingerprint: 'ab'.repeat(20) },
        questionnaire: { key: asked.key, version: asked.version },
      },
      questionnaire: asked,
      tree,
      thresholds: { factor: 5, statement: 10, invited: 7 },
      tally,
      ballots: { invited: tree.nodes[0]!.invited, received: counted, counted, unreadable: 0 },
      receiptsSha256: '0'.repeat(64),
    }),
  };
}

const keys = { evalthen: 'leader', evalnow1: 'leader', resident: 'resident', relative: 'relative', named001: 'named' }; // prettier-ignore
const ids = Object.keys(keys) as (keyof typeof keys)[];
const evaluations = ['evalthen', 'evalnow1'];
const roles: Partial<Record<Role, string | null>> = {
  ...{ union: 'H', hr: null },
};
/** Those who are crawled the second time too. */
const again = ['hr', 'leader of H'];
/** What nothing of these rounds is on, and what the other crawler walks through; of the smaller units some are enough. */
const beside = new RegExp(
  [
    '^/(measures|plans|mandates|units|people|imports|questionnaires|calendar|account|programmes|promise|demo)',
    '^/(meetings|evaluations)/.*/(guide|decide|live|minutes)',
    '^/(results|meetings|said|evaluations)/.*\\b[DEF]$',
    '^/rounds/\\w+/',
  ].join('|'),
);
const before = (days: number) => new Date(Date.now() - days * 24 * 3600_000);

let t: OwnServer;
const people = new Map<string, string>();
const asked = new Map<string, Questionnaire>();
/** By time of crawling: what the releases are made of, and what was handed out. */
const made: Record<string, Made>[] = [];
const handed: Handed[][] = [];

async function cast() {
  for (const [who, id] of await roleHolders(t.main, roles, before(900))) people.set(who, id);
  for (const code of ['A', 'H']) {
    const [led] = await t.main.select().from(unit).where(eq(unit.code, code));
    people.set(`leader of ${code}`, led!.leaderId!);
    const held = await t.main.select().from(position).where(eq(position.unitId, led!.id));
    if (code === 'A')
      people.set('employee of A', held.find(({ personId }) => personId !== led!.leaderId)!.personId);
  }
  // Who led A when leaders were evaluated last now works in B.
  const [b] = await t.main.select().from(unit).where(eq(unit.code, 'B'));
  const [works] = await t.main.select().from(position).where(eq(position.unitId, b!.id)).offset(1);
  people.set('who led A', works!.personId);
}

async function store(unitIds: Map<string, string>) {
  await questionnaires.shipOwn(t.main, before(900));
  const named = { ...asking(4, 4), key: 'named', title: { nb: 'Navngitte svar' } };
  expect(await questionnaires.add(t.main, named, before(900), permit())).toMatchObject({ ok: true });
  for (const [i, id] of ids.entries()) {
    const found = (await questionnaires.latest(t.main, keys[id]))!;
    asked.set(id, found.content);
    const [at, rule] = [before(id === 'evalthen' ? 700 : 60 - i), { inPostOn: '2026-01-01', minimumShare: 0, kinds: [], includeOnLeave: false }]; // prettier-ignore
    await t.main.insert(round).values({
      ...{ id, name: `Runde ${id}`, questionnaireId: found.id, unitIds: [unitIds.get('K')!], state: 'closed', rule },
      ...{ opensAt: new Date(at.getTime() - 22 * 24 * 3600_000), stopsAt: at, reminders: [], tree },
      thresholds: { factor: 5, statement: 10, invited: 7 },
    }); // prettier-ignore
    if (evaluations.includes(id))
      for (const code of [...Object.keys(sizes), 'H', 'K']) {
        const [led] = await t.main.select().from(unit).where(eq(unit.code, code));
        const leaderId = code === 'A' && id === 'evalthen' ? people.get('who led A')! : led!.leaderId!;
        await t.main.insert(evaluated).values({ roundId: id, unitId: led!.id, leaderId, outcome: 'figures' });
      }
    await t.main
      .insert(release)
      .values({ roundId: id, content: {} as never, bytes: '', sha256: id, receipts: '', releasedAt: at });
  }
}

async function crawled(seed: number) {
  const now = Object.fromEntries(ids.map((id, i) => [id, madeOf(id, asked.get(id)!, seed + i)]));
  await pastTheRules(t.main, 'release', async () => {
    for (const id of ids) {
      const of = now[id]!.release;
      const values = { content: of, bytes: Release.serialize(of), sha256: randomUUID() };
      await t.main.update(release).set(values).where(eq(release.roundId, id));
    }
  });
  const from = ['/', '/results', '/meetings', '/said', '/due', '/reports', '/follow-up', '/rounds'];
  for (const id of ids) {
    from.push(`/rounds/${id}`, `/sjekk/${id}`);
    for (const code of ['K', 'H', 'A', 'B']) from.push(`/results/${id}/${code}`);
    if (evaluations.includes(id)) from.push(`/evaluations/${id}/A`, `/results/${id}/B/figures.csv`);
  }
  const of = async (who: string, personId?: string) => {
    const cookie = personId ? `session=${await sessions.create(t.main, personId, new Date())}; ` : '';
    const little = { past: beside, most: 1 };
    return await crawl(t.origin, who, `${cookie}PARAGLIDE_LOCALE=nb`, from, little);
  };
  const readers = [...people].filter(([who]) => made.length === 0 || again.includes(who));
  const each = [of('stranger'), ...readers.map(([who, personId]) => of(who, personId))];
  made.push(now);
  handed.push((await Promise.all(each)).flat());
}

beforeAll(async () => {
  t = await ownServer();
  const { ids: unitIds } = await town(t.main, sizes);
  await cast();
  await store(unitIds);
  await crawled(101);
  await crawled(909);
});
afterAll(async () => await t?.stop());

const releasesAt = (time: number, of: string[] = ids) => of.map((id) => made[time]![id]!.release);
const roundOf = (at: string) => ids.find((id) => at.includes(`/${id}`));
/** A round's own pages, by that round's releases; other pages by all of them. */
function found(time: number, all: Handed[], isMoved?: Parameters<typeof astray>[3]): string[] {
  const byRound = Map.groupBy(all, ({ at }) => roundOf(at));
  return [...byRound].flatMap(([id, some]) => {
    const of = id === undefined ? ids : evaluations.includes(id) ? evaluations : [id];
    return astray(some, explained(releasesAt(time, of)), [], isMoved);
  });
}

/** Whether a piece of text was not on the same page at the other time. */
function movedSince(time: number) {
  const key = ({ to, at }: Handed) => `${to} ${at}`;
  const then = new Map(handed[time]!.map((one) => [key(one), one]));
  const texts = new Map<string, Set<string>>();
  return (one: Handed, text: string) => {
    const of = key(one);
    const other = then.get(of);
    if (!texts.has(of)) texts.set(of, new Set(other ? pieces(other).map((piece) => piece.text) : []));
    return other !== undefined && !texts.get(of)!.has(text);
  };
}

const changed = (of: Handed, from: RegExp, to: string): Handed => {
  const text = Buffer.from(of.bytes).toString();
  expect(text).toMatch(from);
  return { ...of, bytes: Buffer.from(text.replace(from, to)) };
};
const pageOf = (to: string, at: string, time = 0) =>
  handed[time]!.find((one) => one.to === to && one.at === at)!;

describe('what is withheld in the other kinds', () => {
  it.each(ids)('is withheld for every reason there is: %s', (id) => {
    const { results } = made[0]![id]!.release;
    const figures = (code: string) => Object.keys(results[groupOf(code)]?.factors ?? {}).length;
    expect(results[groupOf('C')]).toBeUndefined();
    expect(figures('A')).toBeGreaterThan(0);
    expect(results[groupOf('F')]).toMatchObject({ factors: {}, statements: {} });
    expect(results[groupOf('B')]?.factors ?? {}).not.toHaveProperty(asked.get(id)!.factors[0]!.id);
    expect(hiddenIn(made[0]![id]!).length).toBeGreaterThan(20);
  });

  it('has every part that a release may have', () => {
    const { release: resident } = made[0]!.resident!;
    expect(Object.keys(resident.onBehalf!.results)).toContain('0001');
    expect(Object.keys(resident.onBehalf!.results)).not.toContain(groupOf('C'));
    expect(Object.keys(resident.breakdowns![0]!.results)).not.toEqual([]);
    const shown = Object.values(made[0]!.named001!.release.results).map(({ choices }) => choices ?? {});
    expect(shown.filter((all) => Object.keys(all).length > 0).length).toBeGreaterThan(1);
    expect(shown.filter((all) => Object.keys(all).length === 0)).not.toEqual([]);
  });
});

describe('the crawler', () => {
  it('comes to every kind, in every form', () => {
    const met = new Set(handed[0]!.map(({ to, at }) => `${to}: ${at}`));
    for (const id of ids.filter((one) => !evaluations.includes(one)))
      for (const file of ['', '/figures.csv', '/figures.xlsx', '/__data.json'])
        expect(met).toContain(`hr: /results/${id}/A${file}`);
    for (const [who, id, code] of [
      ['leader of A', 'evalnow1', 'A'],
      ['who led A', 'evalthen', 'A'],
      ['leader of H', 'evalnow1', 'A'],
      ['leader of H', 'evalnow1', 'B'],
    ]) {
      for (const file of ['', '/figures.csv', '/figures.xlsx'])
        expect(met).toContain(`${who}: /results/${id}/${code}${file}`);
      expect(met).toContain(`${who}: /evaluations/${id}/${code}`);
    }
  });

  it.each<[string, () => Handed]>([
    ['of a report on a leader', () => planted('leader of A', '/results/evalnow1/A', 'evalnow1')],
    ['of residents', () => planted('hr', '/results/resident/A', 'resident')],
    ['of relatives', () => planted('hr', '/results/relative/B', 'relative')],
    ['beside named answers', () => planted('hr', '/results/named001/B', 'named001')],
  ])('finds a mean that is withheld: %s', (_, plant) => {
    expect(found(0, [plant()])).not.toEqual([]);
  });
  function planted(to: string, at: string, id: string) {
    const hidden = toldApart(hiddenIn(made[0]![id]!), explained(releasesAt(0, [id])));
    return changed(pageOf(to, at), /<\/h1>/, `</h1><p data-mean="${hidden}">Snitt</p>`);
  }

  it('finds how many chose an answer that is withheld', () => {
    const n = unlike(explained(releasesAt(0, ['named001'])));
    const of = changed(pageOf('hr', '/results/named001/B'), /<\/h1>/, `</h1><p>${n} valgte det.</p>`);
    expect(found(0, [of])).not.toEqual([]);
  });

  it.each(['/follow-up', '/rounds/resident', '/due'])('finds a whole number that has moved on %s', (at) => {
    const n = unlike(explained(releasesAt(1)));
    const of = changed(pageOf('hr', at, 1), /<\/h1>/, `</h1><p>${n} svarte.</p>`);
    expect(found(1, [of])).toEqual([]);
    expect(found(1, [of], movedSince(0))).not.toEqual([]);
  });
});

describe('nobody is handed a number that does not follow from the releases', () => {
  it.each([0, 1])('at time %i', (time) => {
    expect(found(time, handed[time]!)).toEqual([]);
  });

  it('whole numbers too, on every page where they move with the answers', () => {
    expect(found(0, handed[0]!, movedSince(1))).toEqual([]);
    expect(found(1, handed[1]!, movedSince(0))).toEqual([]);
  });
});

describe('a report on a leader', () => {
  /** Who was handed figures of a leader's own report, by page or by an exact number of it anywhere. */
  function readers(all: Handed[], id: string, code: string): string[] {
    const { results } = made[0]![id]!.release;
    const own = Object.values(results[groupOf(code)]!.factors).flatMap((one) =>
      'mean' in one ? [one.mean] : [],
    );
    const others = explained([
      { ...made[0]![id]!.release, results: Object.fromEntries(Object.entries(results).filter(([node]) => node !== groupOf(code))) },
      ...releasesAt(0, ids.filter((one) => one !== id)),
    ]); // prettier-ignore
    const told = own.filter((mean) => !others(numeral(mean, 9), true)).map(String);
    expect(told.length).toBeGreaterThan(1);
    const has = (one: Handed) => pieces(one).some(({ text }) => told.some((mean) => text.includes(mean)));
    return [...new Set(all.filter(has).map(({ to }) => to))].sort();
  }

  it('is seen where it is handed to others too', () => {
    const page = pageOf('leader of A', '/results/evalnow1/A/__data.json');
    expect(readers([{ ...page, to: 'hr' }], 'evalnow1', 'A')).toEqual(['hr']);
  });

  it('reaches the leader and the leader above, and nobody else in any form', () => {
    expect(readers(handed[0]!, 'evalnow1', 'A')).toEqual(['leader of A', 'leader of H']);
    expect(readers(handed[0]!, 'evalnow1', 'B')).toEqual(['leader of H']);
  });

  it('stays with the one it was of when another leads', () => {
    expect(readers(handed[0]!, 'evalthen', 'A')).toEqual(['leader of H', 'who led A']);
  });
});
