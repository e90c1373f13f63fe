import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as box from '#server/box.ts';
import { connectBox } from '#server/db.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { type Held, openRound, type Papers, sha256 } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

let t: TestDatabases;
let papers: Papers;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  papers = await openRound(t, { groups: 2, each: 8 });
});
afterAll(() => t.stop());

const put = (of: Held, over: Partial<box.Ballot> = {}, at = papers) => {
  const ballot = { ...of.ballot, ...over };
  return box.submit(t.intake, at.roundId, ballot, sha256(ballot.token), at.publicKey);
};
const inside = (of: Held, at = papers) =>
  t.box`select group_id, sealed from ${t.box(box.ballotsOf(at.roundId))} where token_hash = ${of.tokenHash}`;
const altered = (bytes: Uint8Array) => Buffer.from(bytes).fill(bytes.at(-1)! ^ 1, bytes.length - 1);
const invalid = { ok: false, refusal: 'invalid' };
const used = { ok: false, refusal: 'used' };
const late = { ok: false, refusal: 'late' };

describe('a ballot', () => {
  it('counts once, however often and however many at once post it', async () => {
    const of = papers.held[0]!;
    const all = await Promise.all(Array.from({ length: 50 }, () => put(of)));
    expect([...all, await put(of)].every((a) => a.ok)).toBe(true);
    expect(await inside(of)).toHaveLength(1);
  });

  it('stays what it was when its token comes with other answers', async () => {
    const of = papers.held[1]!;
    await put(of);
    expect(await put(of, { sealed: randomBytes(of.ballot.sealed.length) })).toEqual(used);
    expect([...(await inside(of))]).toEqual([{ group_id: of.group, sealed: of.ballot.sealed }]);
  });

  it('is one of the two when two different ones come at once, and the other is told so', async () => {
    const of = papers.held[2]!;
    const contents = Array.from({ length: 20 }, () => randomBytes(of.ballot.sealed.length));
    const answers = await Promise.all(contents.map((sealed) => put(of, { sealed })));
    const kept = answers.flatMap((a, i) => (a.ok ? [i] : []));
    expect(kept).toHaveLength(1);
    expect([...(await inside(of))]).toEqual([{ group_id: of.group, sealed: contents[kept[0]!] }]);
  });

  it('is refused with another prefix, token or signature than were signed', async () => {
    const of = papers.held[3]!;
    const { prefix, token, signature } = of.ballot;
    for (const wrong of [
      { prefix: altered(prefix) },
      { token: altered(token) },
      { signature: altered(signature) },
      { signature: papers.held[4]!.ballot.signature },
      { prefix: token, token: prefix },
      { signature: signature.subarray(1) },
      { signature: new Uint8Array() },
    ])
      expect(await put(of, wrong)).toEqual(invalid);
    expect(await inside(of)).toHaveLength(0);
    expect(await put(of)).toEqual({ ok: true });
  });

  it('is refused when it is not as long as every ballot of the round, and its paper stays unused', async () => {
    const of = papers.held[5]!;
    const length = of.ballot.sealed.length;
    for (const wrong of [0, length - 1, length + 1, 4 * length])
      expect(await put(of, { sealed: randomBytes(wrong) })).toEqual(invalid);
    expect(await put(of)).toEqual({ ok: true });
  });

  it('is refused in a group of no such name', async () => {
    const of = papers.held[6]!;
    for (const group of ['', '1', "0001'; drop table round", '00001'])
      expect(await put(of, { group })).toEqual(invalid);
  });

  it('is refused in a round whose keys did not sign it', async () => {
    const other = await openRound(t, { groups: 1, each: 5 });
    expect(await put(papers.held[7]!, {}, other)).toEqual(invalid);
    expect(await put(other.held[0]!)).toEqual(invalid);
  });
});

describe('intake', () => {
  it('takes nothing before it opens nor after it stops, but still says yes to what it has', async () => {
    const other = await openRound(t, { groups: 1, each: 5 });
    const [before, during, after] = other.held as [Held, Held, Held];
    await box.setIntake(t.box, other.roundId, false);
    expect(await put(before, {}, other)).toEqual(late);
    await box.setIntake(t.box, other.roundId, true);
    expect(await put(during, {}, other)).toEqual({ ok: true });
    await box.setIntake(t.box, other.roundId, false);
    expect(await put(after, {}, other)).toEqual(late);
    expect(await put(during, {}, other)).toEqual({ ok: true });
    expect(await put(during, { sealed: randomBytes(during.ballot.sealed.length) }, other)).toEqual(used);
  });

  it('says late, and does not fail, once the ballots are gone', async () => {
    const other = await openRound(t, { groups: 1, each: 5 });
    await t.box`drop table ${t.box(box.ballotsOf(other.roundId))}`;
    expect(await put(other.held[0]!, {}, other)).toEqual(late);
  });

  it('may put in and look, and nothing else', async () => {
    const table = t.intake(box.ballotsOf(papers.roundId));
    for (const forbidden of [
      t.intake`delete from ${table}`,
      t.intake`update ${table} set group_id = '0002'`,
      t.intake`truncate ${table}`,
      t.intake`drop table ${table}`,
      t.intake`update round set intake = true`,
      t.intake`select * from release`,
      t.intake`select make_ballots('aaaaaaaa', 100)`,
    ])
      await expect(forbidden).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the two servers', () => {
  it('are fit to keep answers as we start them', async () => {
    expect(await box.faults(t.main, t.box)).toEqual([]);
  });

  it('may not be set to remember what a ballot leaves no trace of', async () => {
    const owner = postgres(t.superUrls.box, { max: 1 });
    const database = owner(new URL(t.boxUrl).pathname.slice(1));
    const wrong = {
      log_statement: 'all',
      log_duration: 'on',
      log_min_duration_statement: '0',
      log_min_error_statement: 'error',
      log_parameter_max_length: '-1',
    };
    try {
      for (const [name, value] of Object.entries(wrong))
        await owner`alter database ${database} set ${owner(name)} = ${owner.unsafe(`'${value}'`)}`;
      const later = connectBox(t.boxUrl);
      const faults = await box.faults(t.main, later).finally(() => later.end());
      expect(faults).toHaveLength(Object.keys(wrong).length);
      for (const name of Object.keys(wrong))
        expect(faults).toContainEqual(expect.stringContaining(`Sett ${name} = `));
    } finally {
      await owner`alter database ${database} reset all`;
      await owner.end();
    }
  });

  it('must let us vacuum: whoever does not own the tables is told so', async () => {
    const faults = await box.faults(t.main, t.intake);
    expect(faults).toContainEqual(expect.stringContaining('må eie tabellene'));
  });

  it('must let us rewrite each table of main that a round’s or a vote’s end empties', async () => {
    const owner = postgres(
      Object.assign(new URL(t.superUrls.main), { pathname: new URL(t.mainUrl).pathname }).href,
    );
    for (const name of [
      'issued',
      'invitation',
      'invitation_link',
      'dispatch',
      'signing_key',
      'demo_closing_key',
      'box_copy_key',
      'comment_reader',
      'used_ticket',
      'candidate',
      'meeting',
    ]) {
      const [held] = await owner`select tableowner from pg_tables where tablename = ${name}`;
      await owner`alter table ${owner(name)} owner to current_user`;
      expect(await box.faults(t.main, t.box)).toEqual([expect.stringContaining('hoveddatabasen')]);
      await owner`alter table ${owner(name)} owner to ${owner(held!.tableowner)}`;
    }
    await owner.end();
  });

  it('must be two: another database of the same server is refused', async () => {
    const mainAsBox = connectBox(t.mainUrl);
    const faults = await box.faults(t.main, mainAsBox).finally(() => mainAsBox.end());
    expect(faults).toContainEqual(expect.stringContaining('samme PostgreSQL-tjener'));
  });
});
