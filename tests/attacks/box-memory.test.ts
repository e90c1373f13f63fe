import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ballotsOf, submit } from '#server/box.ts';
import { shakeBallots } from '#server/shaker.ts';
import { testDatabases, type TestDatabases } from '#tests/support/databases.ts';
import { openRound, type Papers } from '#tests/support/papers.ts';
import { town } from '#tests/support/town.ts';

/** What the box can remember is what its catalogue says it can. Whatever is added there must be added here. */
let t: TestDatabases;
let papers: Papers;
let ballots: string;
beforeAll(async () => {
  t = await testDatabases();
  await town(t.main);
  papers = await openRound(t, { groups: 2, each: 10 });
  ballots = ballotsOf(papers.roundId);
  for (const { ballot, tokenHash } of papers.held)
    await submit(t.intake, papers.roundId, ballot, tokenHash, papers.publicKey);
});
afterAll(() => t.stop());

const names = async (query: postgres.PendingQuery<postgres.Row[]>) =>
  (await query).map((r) => r.name as string);

describe('the box', () => {
  it('has these columns and no others', async () => {
    const columns = await names(t.box`
      select table_name || '.' || column_name || ' ' || data_type as name from information_schema.columns
      where table_schema = 'public' order by table_name, ordinal_position`);
    expect(columns).toEqual([
      `${ballots}.group_id text`,
      `${ballots}.token_hash bytea`,
      `${ballots}.sealed bytea`,
      'release.round_id text',
      'release.bytes text',
      'release.receipts text',
      'round.id text',
      'round.intake boolean',
    ]);
  });

  it('has nothing that counts, fills in, points or reacts', async () => {
    const here = t.box`(select oid from pg_namespace where nspname = 'public')`;
    const found = {
      sequences: t.box`select relname as name from pg_class where relkind = 'S' and relnamespace = ${here}`,
      otherKinds: t.box`select relname as name from pg_class where relkind not in ('r', 'i') and relnamespace = ${here}`,
      defaults: t.box`select adrelid::regclass::text as name from pg_attrdef
        where adrelid in (select oid from pg_class where relnamespace = ${here})`,
      generated: t.box`select attname as name from pg_attribute where (attidentity <> '' or attgenerated <> '')
        and attrelid in (select oid from pg_class where relnamespace = ${here})`,
      triggers: t.box`select tgname as name from pg_trigger`,
      eventTriggers: t.box`select evtname as name from pg_event_trigger`,
      rules: t.box`select rulename as name from pg_rules where schemaname = 'public'`,
      foreignKeys: t.box`select conname as name from pg_constraint where contype = 'f'`,
      statistics: t.box`select stxname as name from pg_statistic_ext`,
      publications: t.box`select pubname as name from pg_publication`,
      slots: t.box`select slot_name as name from pg_replication_slots`,
      extensions: t.box`select extname as name from pg_extension where extname <> 'plpgsql'`,
      otherTables: t.box`select schemaname || '.' || tablename as name from pg_tables
        where schemaname not in ('public', 'pg_catalog', 'information_schema')
          and (schemaname, tablename) <> ('drizzle', '__drizzle_migrations')`,
    };
    for (const [kind, query] of Object.entries(found)) expect(await names(query), kind).toEqual([]);
  });

  it('has one function, which makes tables and no ballots', async () => {
    expect(
      await names(t.box`select proname as name from pg_proc where pronamespace = 'public'::regnamespace`),
    ).toEqual(['make_ballots']);
  });

  it('has one index on ballots, by the hash of their token', async () => {
    const indexes = await names(t.box`select indexdef as name from pg_indexes where tablename = ${ballots}`);
    expect(indexes).toEqual([
      `CREATE UNIQUE INDEX ${ballots}_pkey ON public.${ballots} USING btree (token_hash)`,
    ]);
  });

  it('is never vacuumed or sampled but by the shaker, so that no statistic keeps values', async () => {
    const [options] = await t.box`select reloptions from pg_class where relname = ${ballots}`;
    expect(options!.reloptions).toContain('autovacuum_enabled=false');
    await t.box`analyze ${t.box(ballots)}`;
    expect(await names(t.box`select attname as name from pg_stats where tablename = ${ballots}`)).toEqual([]);
  });

  it('forgets within a minute when its index was last read, which is when the last ballot came', async () => {
    const one = postgres(t.boxUrl, { max: 1 });
    const lastRead = async () => {
      await one`select pg_stat_force_next_flush()`;
      const [found] =
        await one`select last_idx_scan as at from pg_stat_all_indexes where relname = ${ballots}`;
      return Number(found!.at ?? 0);
    };
    const came = Date.now();
    const { ballot, tokenHash } = papers.held[0]!;
    await submit(one, papers.roundId, ballot, tokenHash, papers.publicKey);
    const seen = await lastRead();
    const gone = Date.now();
    expect([seen >= came, seen <= gone]).toEqual([true, true]);
    await sleep(50);
    await shakeBallots(one);
    expect(await lastRead()).toBeGreaterThan(gone);
    await one.end();
  });

  it('keeps ballots of one length', async () => {
    const lengths = await t.box`select distinct octet_length(sealed) as bytes from ${t.box(ballots)}`;
    expect([...lengths]).toEqual([{ bytes: papers.held[0]!.ballot.sealed.length }]);
  });
});

describe('main', () => {
  it('has no time, counter or default on issued marks, and nothing of the token but a hash of its blinded form', async () => {
    const owner = postgres(t.mainUrl, { max: 1 });
    const columns =
      await owner`select column_name as name, data_type as type, column_default as default, is_identity
      from information_schema.columns where table_name = 'issued' order by ordinal_position`.finally(() =>
        owner.end(),
      );
    expect([...columns]).toEqual(
      [
        ['invitation_id', 'uuid'],
        ['round_id', 'text'],
        ['group_id', 'text'],
        ['blinded_hash', 'bytea'],
      ].map(([name, type]) => ({ name, type, default: null, is_identity: 'NO' })),
    );
  });

  it('makes invitations of random ids, which say nothing of when', async () => {
    const owner = postgres(t.mainUrl, { max: 1 });
    const ids =
      await owner`select uuid_extract_version(id) as version, uuid_extract_timestamp(id) as at from invitation`.finally(
        () => owner.end(),
      );
    expect(new Set(ids.map((i) => `${i.version} ${i.at}`))).toEqual(new Set(['4 null']));
  });
});
