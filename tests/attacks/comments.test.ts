import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as Ballot from '#domain/ballot.ts';
import { base64url, sha256, utf8 } from '#domain/bytes.ts';
import { closingKeyPair } from '#domain/closing-key.ts';
import * as Comment from '#domain/comment.ts';
import { lists } from '#domain/comment-lists.ts';
import type { Keylist } from '#domain/keylist.ts';
import * as Opening from '#domain/opening.ts';
import { askedBy, canonical, options, type Questionnaire } from '#domain/questionnaire.ts';
import type { Release } from '#domain/release.ts';
import { open, stop } from '#server/clock.ts';
import { close } from '#server/closing.ts';
import * as readers from '#server/comment-readers.ts';
import * as reading from '#server/comment-reading.ts';
import { connectBox, connectIntake, connectMain } from '#server/db.ts';
import { freeze } from '#server/freezing.ts';
import { file, json } from '#server/frozen.ts';
import type { Permit } from '#server/gate.ts';
import * as gates from '#server/gate.ts';
import { newLink } from '#server/invitations.ts';
import * as questionnaires from '#server/questionnaires.ts';
import * as respondent from '#server/respondent.ts';
import * as rounds from '#server/rounds.ts';
import * as witnesses from '#server/witnesses.ts';
import { connect } from '#server/migrate.ts';
import { ownClusters, inDatabase } from '#tests/support/databases.ts';
import { must } from '#tests/support/must.ts';
import * as survey from '#tests/support/survey.ts';
import { frozen, invitationsOf, permit, roleHolders, someAnswers, town } from '#tests/support/town.ts';
import { inFolder, inTables, type Planted, searchFor } from '#tests/support/traces.ts';

vi.setConfig({ testTimeout: 180_000 });

/*
 * Comments: what two of them share, what they tell of the answers that they came with, what can be subtracted, and where
 * the words are. Each attack first on a variant that does what is near at hand.
 */

const two = [
  { id: 'best', text: { nb: 'Hva er best?' } },
  { id: 'better', text: { nb: 'Hva kan bli bedre?' } },
];

describe('what a list tells', () => {
  const asked: Questionnaire = { ...survey.questionnaire([2], 1), comments: two };
  const units = survey.tree([{ code: 'H', under: [{ code: 'A' }, { code: 'B' }] }]);
  const next = survey.chance(11);
  const frame: Opening.Frame = {
    round: {
      ...{
        id: 'r1',
        name: 'Prøve',
        kind: 'employee',
        dryRun: true,
        opened: '2027-02-01',
        stopped: '2027-02-21',
      },
      ...{ fingerprint: 'abc', questionnaire: { key: 'test', version: 1 } },
    },
    questionnaire: asked,
    tree: units,
    thresholds: survey.thresholds,
    comments: Comment.limits,
  };
  const fingerprint = new Uint8Array(32);
  type Person = { group: string; token: Uint8Array<ArrayBuffer>; answers: number[]; comments: string[] };
  const groups = units.nodes.filter(({ group }) => group).map(({ id }) => id);
  const people = (): Person[] =>
    Array.from({ length: 24 }, (_, i) => ({
      group: groups[i % 2]!,
      token: new Uint8Array(randomBytes(32)),
      answers: [1 + next(5), 1 + next(5), 1 + next(5)],
      comments: [randomBytes(9).toString('hex'), randomBytes(9).toString('hex')],
    }));
  /** Sealed, and opened in the order of the tokens' hashes, as the box gives them. */
  async function opened(all: Person[]): Promise<Opening.Opening> {
    const key = await closingKeyPair(crypto);
    const sealed = await Promise.all(
      all.map(async ({ group, token, answers, comments }) => {
        const tokenHash = await sha256(token);
        const plain = Ballot.write(answers, [], 2048, comments);
        const binding = { fingerprint, group, tokenHash };
        const bytes = await Ballot.seal(plain, [[key.publicKey]], binding, await Ballot.fresh(crypto));
        return { group, tokenHash, sealed: bytes };
      }),
    );
    const opening = Opening.begin(frame);
    const inOrder = sealed.toSorted((a, b) => Buffer.compare(a.tokenHash, b.tokenHash));
    for (const one of inOrder)
      await Opening.count(opening, [one], { fingerprint, privateKeys: [key.privateKey], lock: 0, locks: 1 });
    return opening;
  }
  const product = async (of: Opening.Opening) => JSON.parse(await Opening.release(frame, of)) as Release;
  /** As they came out of the box, which is what is near at hand. */
  const weak = async (of: Opening.Opening): Promise<Release> => {
    const release = await product(of);
    for (const [node, byQuestion] of Object.entries(release.comments!.lists))
      two.forEach(({ id }, q) => {
        byQuestion[id] = of.comments[q]!.filter(({ group }) => group === node).map(({ text }) => text);
      });
    return release;
  };
  /** The share of pairs of comments that stand in the same place of their lists and are of one person. */
  const linked = (release: Release, all: Person[]) => {
    const pairs = Object.values(release.comments!.lists).flatMap(({ best, better }) =>
      best!.map((words, i) => [words, better![i]!] as const),
    );
    expect(pairs).toHaveLength(24);
    return pairs.filter(([a, b]) => all.some(({ comments: [x, y] }) => x === a && y === b)).length / 24;
  };

  it('two comments of one person share no place', async () => {
    const runs = 20;
    let [found, betrayed] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const all = people();
      const opening = await opened(all);
      betrayed += linked(await weak(opening), all) / runs;
      found += linked(await product(opening), all) / runs;
    }
    expect(betrayed).toBeCloseTo(1);
    // Chance is one in twelve.
    expect(found).toBeLessThan(0.2);
  });

  it('who wrote what, and with which answers, changes no byte', async () => {
    const all = people();
    const before = await opened(all);
    // Everybody in a group passes on what they wrote, another way for each question.
    const passed = all.map((person, i) => ({
      ...person,
      comments: [all[(i + 2) % 24]!.comments[0]!, all[(i + 6) % 24]!.comments[1]!],
    }));
    const after = await opened(passed);
    expect(JSON.stringify(await weak(after))).not.toBe(JSON.stringify(await weak(before)));
    expect(await Opening.release(frame, after)).toBe(await Opening.release(frame, before));
  });

  it('nothing can be subtracted', () => {
    const home = survey.tree([{ code: 'H', under: [{ code: 'A' }, { code: 'B' }, { code: 'C' }] }]);
    const [h, a, b, c] = home.nodes.map(({ id }) => id) as [string, string, string, string];
    const answered: Record<string, number> = { [a]: 14, [b]: 12, [c]: 4 };
    const written = [a, b, c].flatMap((group) =>
      Array.from({ length: group === c ? 3 : 6 }, (_, i) => ({ group, text: `${group} ${i}` })),
    );
    // Each unit with enough behind it lists all that was written under it.
    const whole = {
      [h]: written,
      [a]: written.filter(({ group }) => group === a),
      [b]: written.filter(({ group }) => group === b),
    };
    const minus = (of: Record<string, Comment.Written[]>) =>
      (of[h] ?? []).filter((one) => !of[a]?.includes(one) && !of[b]?.includes(one));
    expect(minus(whole).map(({ group }) => group)).toEqual([c, c, c]);

    const listed = lists(
      home,
      Comment.limits,
      (group) => answered[group] ?? 0,
      written,
      () => true,
    );
    // What is left above is of C and one other, whom nothing tells apart from it.
    const left = new Set(minus(listed).map(({ group }) => group));
    expect([...left].reduce((sum, group) => sum + answered[group]!, 0)).toBeGreaterThanOrEqual(10);
    expect(left.size).toBe(2);
    expect(Object.values(listed).flat()).toHaveLength(written.length);
    expect(new Set(Object.values(listed).flat()).size).toBe(written.length);
  });
});

describe('where the words are', () => {
  let clusters: Awaited<ReturnType<typeof ownClusters>>;
  let t: ReturnType<typeof connectMain> & { box: Sql; intake: Sql };
  let supers: { main: Sql; box: Sql };
  const now = new Date();
  const later = (hours: number) => new Date(now.getTime() + hours * 3600_000);
  let asked: questionnaires.QuestionnaireRow;
  let holders: Map<string, string>;
  let round: string;
  let keyFile: string;

  beforeAll(async () => {
    clusters = await ownClusters({ log_min_messages: 'debug2' });
    const { main, box } = clusters;
    Object.assign(process.env, { DATABASE_URL: main.url, BOX_DATABASE_URL: box.url });
    t = { ...connectMain(main.url), box: connectBox(box.url), intake: connectIntake(box.url) };
    supers = {
      main: connect(inDatabase(main.superUrl, 'medvirk')),
      box: connect(inDatabase(box.superUrl, 'medvirk')),
    };
    await town(t.main, { A: 13, B: 12 });
    holders = await roleHolders(
      t.main,
      { dpo: null, quality: null, union: null, safety: null, hr: null },
      now,
    );
    await questionnaires.shipOwn(t.main, now);
    const { content } = (await questionnaires.latest(t.main, 'employee'))!;
    const comments = two.map((one) => ({ ...one, text: { ...one.text, nn: one.text.nb, en: one.text.nb } }));
    const added = await questionnaires.add(t.main, { ...content, comments }, now, permit());
    asked = (await questionnaires.byId(t.main, added.id))!;
  }, 120_000);
  afterAll(async () => {
    await Promise.all([supers?.main.end(), supers?.box.end(), t?.sql.end(), t?.box.end(), t?.intake.end()]);
    await clusters?.stop();
  });

  const as = (office: string) => ({ by: holders.get(office)! }) as unknown as Permit<'comment.read'>;
  const plan = async (unitCodes: string[]) => {
    const rule = {
      inPostOn: now.toISOString().slice(0, 10),
      minimumShare: 0,
      kinds: [],
      includeOnLeave: false,
    };
    const [opensAt, stopsAt] = [later(1), later(24 * 20)];
    const wanted = { name: 'Round', questionnaireId: asked.id, unitCodes, opensAt, stopsAt, rule };
    return must(await rounds.plan(t.main, wanted, now, permit())).id;
  };
  const approve = async (id: string) => must(await rounds.take(t.main, id, 'approve', now, null));
  const chosen = (id: string, ...offices: [string, string]) =>
    readers.choose(t.main, id, offices.map((o) => holders.get(o) ?? o) as [string, string], now, permit());

  it('a round without readers is frozen as if there were no open questions', async () => {
    const id = await plan(['A']);
    await approve(id);
    await freeze(t.main, t.box, id, now, permit());
    const keylist = (await json<Keylist>(t.main, id, 'keylist.json'))!;
    expect('comments' in keylist).toBe(false);
    expect(keylist.sealedPlain).toBe(64);
    const bytes = (await file(t.main, id, 'questionnaire.json'))!.bytes;
    expect(Buffer.from(bytes).toString()).toBe(canonical(askedBy(asked.content, false)));
    expect(Buffer.from((await file(t.main, id, 'nb/'))!.bytes).toString()).not.toContain('<textarea');
  });

  it('readers are two outside the line, and there are no witnesses beside them', async () => {
    round = await plan(['H']);
    const [leader] = await supers.main<{ id: string }[]>`select leader_id as id from unit where code = 'A'`;
    await supers.main`insert into role (person_id, role, given_at) values (${leader!.id}, 'quality', now())`;
    const unfit = (faults: unknown) => ({ ok: false, refusal: 'unfit', faults });
    expect(await chosen(round, 'dpo', 'hr')).toEqual(unfit([null, 'missing']));
    expect(await chosen(round, 'dpo', 'dpo')).toEqual(unfit([null, 'same']));
    expect(await chosen(round, leader!.id, 'dpo')).toEqual(unfit(['line', null]));
    const worksIn = (office: string, code: string) => supers.main`
      insert into position (person_id, unit_id, key, share, main, valid_from)
      select ${holders.get(office)!}, id, ${`${office} ${code}`}, 50, false, '2020-01-01' from unit where code = ${code}`;
    await worksIn('quality', 'B');
    await worksIn('safety', 'B');
    expect(await chosen(round, 'safety', 'quality')).toEqual(unfit([null, 'together']));
    expect(await chosen(round, 'dpo', 'quality')).toEqual({ ok: true });
    const persons = {
      dpo: holders.get('dpo')!,
      union: holders.get('union')!,
      safety: holders.get('safety')!,
    };
    const three = { promise: 'witnesses' as const, persons };
    expect(await witnesses.choose(t.main, round, three, now, permit())).toEqual({
      ok: false,
      refusal: 'comments',
    });
    const other = await plan(['H']);
    must(await witnesses.choose(t.main, other, three, now, permit()));
    expect(await chosen(other, 'dpo', 'quality')).toEqual({ ok: false, refusal: 'witnesses' });
    const gate = gates.open(
      { personId: leader!.id, name: '', roles: [], leads: ['A'], worksIn: [] },
      () => now,
      { stranger: () => expect.fail(), refused: () => expect.fail() },
    );
    const subject = { readers: [leader!.id], concerned: ['K', 'H', 'A', 'B'] };
    expect(gate.may('comment.read', subject)).toBe(false);
  });

  const words: Record<'kept' | 'withheld' | 'fewer', string[]> = { kept: [], withheld: [], fewer: [] };
  const planted = (texts: string[]): Planted[] => texts.map((text) => ({ what: text, bytes: utf8(text) }));
  const texts = () => Object.values(words).flat();
  async function traces(of: string[]) {
    for (const sql of [supers.main, supers.box]) {
      await sql`select pg_switch_wal()`;
      await sql`checkpoint`;
    }
    const search = searchFor(planted(of));
    const sorted = (...sets: Set<string>[]) => [...new Set(sets.flatMap((set) => [...set]))].sort();
    return sorted(
      inFolder(path.join(clusters.dataDir, 'main'), search),
      inFolder(path.join(clusters.dataDir, 'box'), search),
      await inTables(supers.main, search),
      await inTables(supers.box, search),
    );
  }
  let sheet: reading.Sheet;

  it('people write, and no word of it is anywhere', async () => {
    await approve(round);
    ({ keyFile } = await frozen(t, round, now));
    must(await open(t.main, t.box, round, now, null));
    const keylist = (await json<Keylist>(t.main, round, 'keylist.json'))!;
    expect(keylist.comments).toEqual({ respondents: 10, comments: 5, readers: ['dpo', 'quality'] });
    const nameOf = new Map(keylist.groups.map(({ id, name }) => [id, name]));
    const signs = respondent.partsOf(
      await newLink(t.main, (await invitationsOf(t.main, round))[0]!.id, 'http://a.b', 'nb'),
    ).signs;
    const prepared = await respondent.prepare(t.main, round, signs);
    const came: Record<string, number> = {};
    for (const [i, { id, groupId }] of (await invitationsOf(t.main, round)).entries()) {
      const name = nameOf.get(groupId)!;
      const number = (came[name] = (came[name] ?? 0) + 1);
      const of = name.includes('A') && number <= 12 ? 'A' : name.includes('B') && number <= 11 ? 'B' : null;
      if (of === null) continue;
      const said = (q: number) => `${of}${q} ${randomBytes(12).toString('hex')}`;
      const [first, second] = [said(0), number <= 4 ? said(1) : ''];
      words[of === 'A' && number <= 2 ? 'withheld' : 'kept'].push(first);
      if (second) words.fewer.push(second);
      const { secret } = respondent.partsOf(await newLink(t.main, id, 'http://a.b', 'nb'));
      const answers = someAnswers(asked.content, i);
      const about = options(asked.content).map(() => 0);
      must(
        await respondent.answer(t.main, t.intake, prepared, secret, answers, now, undefined, about, [
          first,
          second,
        ]),
      );
    }
    expect(words.kept.length).toBe(21);

    // First a text that somebody wrote down on the way.
    const betrayed = `betrayed ${randomBytes(12).toString('hex')}`;
    await supers.main`create table weak (words text)`;
    await supers.main`insert into weak values (${betrayed})`;
    await supers.main`delete from weak`;
    expect(await traces([betrayed])).toEqual([betrayed]);
    await supers.main`drop table weak`;
    expect(await traces(texts())).toEqual([]);
  });

  it('nothing is published before both have read; the readers see what would be, and leave marks alone', async () => {
    must(await stop(t.main, t.box, round, later(2), null));
    const closing = () => close(t.main, t.box, round, keyFile, later(3), permit());
    expect(await closing()).toEqual({ ok: false, refusal: 'unread' });
    const early = await reading.mark(t.main, round, { marks: [], done: true }, later(3), as('dpo'));
    expect(early).toEqual({ ok: false, refusal: 'unread' });
    const read = async (office: string) =>
      must(await reading.read(t.main, t.box, round, keyFile, later(3), as(office))).sheet;
    expect(await reading.read(t.main, t.box, round, keyFile, later(3), as('union'))).toMatchObject({
      ok: false,
    });
    expect(await reading.read(t.main, t.box, round, '{}', later(3), as('dpo'))).toEqual({
      ok: false,
      refusal: 'key-malformed',
    });
    sheet = await read('dpo');
    expect(sheet.flatMap(({ comments }) => comments.map(({ text }) => text)).sort()).toEqual(texts().sort());
    expect(await traces(texts())).toEqual([]);

    const marksOf = (which: string[]) =>
      sheet.flatMap(({ comments }) =>
        comments.filter(({ text }) => which.includes(text)).map(({ mark }) => mark),
      );
    const [one, other] = words.withheld;
    const kept = (office: string, marks: string[], done: boolean) =>
      reading.mark(t.main, round, { marks, done }, later(4), as(office));
    must(await kept('dpo', marksOf([one!]), false));
    const again = await read('dpo');
    const marked = again.flatMap(({ comments }) => comments.filter(({ isMarked }) => isMarked));
    expect(marked.map(({ text }) => text)).toEqual([one]);
    must(await kept('dpo', marksOf([one!]), true));
    expect(await kept('dpo', [], false)).toEqual({ ok: false, refusal: 'wrong-state' });
    expect(await closing()).toEqual({ ok: false, refusal: 'unread' });
    // Who reads everything, as the first does, reads what is written where the other works. The other is not shown it.
    const ofB = (of: reading.Sheet) =>
      of.flatMap(({ comments }) => comments.filter(({ text }) => text.startsWith('B')));
    const others = await read('quality');
    expect(ofB(sheet)).toHaveLength(15);
    expect(ofB(others)).toEqual([]);
    expect(others.flatMap(({ comments }) => comments).length).toBeGreaterThan(10);
    expect(others.flatMap(({ comments }) => comments).some(({ isMarked }) => isMarked)).toBe(false);
    expect(await kept('quality', [one!], true)).toEqual({ ok: false, refusal: 'malformed' });
    must(await kept('quality', marksOf([other!]), true));
    // The marks are no hashes that somebody with a list of guesses could try.
    const hashes = texts().flatMap((text) =>
      [text, `best\n${text}`].map((of) => base64url(createHash('sha256').update(of).digest())),
    );
    expect(marksOf(texts()).filter((mark) => hashes.includes(mark))).toEqual([]);
    expect(await traces(texts())).toEqual([]);
    must(await closing());
  });

  it('after close what was withheld is nowhere, and the rest in the release alone', async () => {
    const [stored] = await supers.main<
      { bytes: string }[]
    >`select bytes from release where round_id = ${round}`;
    const release = JSON.parse(stored!.bytes) as Release;
    const listed = Object.values(release.comments!.lists).flatMap((byQuestion) =>
      Object.values(byQuestion).flat(),
    );
    expect(listed.sort()).toEqual([...words.kept, ...words.fewer].sort());
    expect(await traces(words.withheld)).toEqual([]);
    expect(await traces(listed)).toEqual(listed.sort());
    const tables = await supers.main<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'release'`;
    const search = searchFor(planted(listed));
    for (const { name } of tables) {
      const rows = await supers.main.unsafe(`select row_to_json(t)::text as row from "${name}" t`);
      for (const { row } of rows) expect([...search(Buffer.from(row as string))], name).toEqual([]);
    }
    const left = await supers.main<
      { marks: string[] }[]
    >`select marks from comment_reader where round_id = ${round}`;
    expect(left.map(({ marks }) => marks)).toEqual([[], []]);
  });

  it('a reader who cannot finish costs the comments and nothing else', async () => {
    const id = await plan(['A']);
    must(await chosen(id, 'dpo', 'quality'));
    await approve(id);
    const { keyFile: key } = await frozen(t, id, now);
    must(await open(t.main, t.box, id, now, null));
    const all = await invitationsOf(t.main, id);
    const linked = async ({ id: invited }: { id: string }) =>
      respondent.partsOf(await newLink(t.main, invited, 'http://a.b', 'nb'));
    const prepared = await respondent.prepare(t.main, id, (await linked(all[0]!)).signs);
    const lost: string[] = [];
    for (const [i, one] of all.entries()) {
      const { secret } = await linked(one);
      const about = options(asked.content).map(() => 0);
      lost.push(`lost ${randomBytes(12).toString('hex')}`);
      const words = [lost[i]!, ''];
      const answers = someAnswers(asked.content, i);
      must(
        await respondent.answer(t.main, t.intake, prepared, secret, answers, now, undefined, about, words),
      );
    }
    must(await stop(t.main, t.box, id, later(2), null));
    // One has begun to read, and the other never does. Nobody can be named in their place.
    must(await reading.read(t.main, t.box, id, key, later(3), as('dpo')));
    expect(await chosen(id, 'dpo', 'union')).toEqual({ ok: false, refusal: 'wrong-state' });
    expect(await close(t.main, t.box, id, key, later(3), permit())).toEqual({ ok: false, refusal: 'unread' });
    must(await close(t.main, t.box, id, key, later(3), permit(), { withoutComments: true }));
    const [stored] = await supers.main<{ bytes: string }[]>`select bytes from release where round_id = ${id}`;
    const release = JSON.parse(stored!.bytes) as Release;
    expect(release.comments!.lists).toEqual({});
    expect(release.ballots.counted).toBe(all.length);
    expect(await traces(lost)).toEqual([]);
  });
});
