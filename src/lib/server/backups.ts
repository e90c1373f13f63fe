import { type KeyObject, randomBytes } from 'node:crypto';
import { stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { and, eq, inArray, ne } from 'drizzle-orm';
import postgres, { type Sql } from 'postgres';
import * as Day from '#domain/day.ts';
import { underWay } from '#domain/round.ts';
import * as backupFile from '#server/backup-file.ts';
import * as backupKey from '#server/backup-key.ts';
import { ballotsOf } from '#server/box.ts';
import type { Box, Main } from '#server/db.ts';
import * as house from '#server/house.ts';
import { shapeOf } from '#server/migrate.ts';
import { rewrite } from '#server/rewriting.ts';
import { boxCopyKey, round } from '#server/schema.ts';
import { shake } from '#server/shaker.ts';
import * as tableRows from '#server/table-rows.ts';

export type BackupRefusal = 'key' | 'folder' | 'busy';

/** In main's copy first, under its key: which box it was, and whose releases that had. */
export type Manifest = { box: string; released: string[] };

const BUSY = 7_100_020;
export const boxFile = 'medvirk-box.copy';
export const mainFile = (day: string) => `medvirk-main-${day}.copy`;

/*
 * Not in a copy: sessions and links that may have ended since, the keys of the box's copy, and votes on the way, of
 * which a pair of copies would tell; the room votes anew.
 */
const leftOut = ['session', 'sign_in_link', 'box_copy_key', 'used_ticket'];
const instead: Record<string, Record<string, string>> = {
  candidate: {
    votes: `case when (select stage from meeting where meeting.id = meeting_id) = 'ended' then votes else 0 end`,
  },
};

/**
 * Takes a copy of main, named by its day, and the one copy of the box, in place of the one before. Shakes first. The
 * server may run. publicFile: the text of the public half of the backup key.
 */
export async function take(
  of: { main: Main; box: Box; mainUrl: string },
  folder: string,
  publicFile: string,
  now: Date,
): Promise<
  { ok: true; main: string; box: string | null; rounds: string[] } | { ok: false; refusal: BackupRefusal }
> {
  const to = backupKey.read(publicFile, 'public');
  if (!to) return { ok: false, refusal: 'key' };
  const place = await stat(folder).catch(() => null);
  if (!place?.isDirectory()) return { ok: false, refusal: 'folder' };
  const sql = postgres(of.mainUrl, { max: 1, onnotice: () => {} });
  try {
    const [got] = await sql`select pg_try_advisory_lock(${BUSY}) as free`;
    if (!got!.free) return { ok: false, refusal: 'busy' };
    await shake(of.main, of.box);
    const day = Day.at(now);
    const main = path.join(folder, mainFile(day));
    await takeMain(sql, of, main, to, day);
    const copied = await takeBox(of, path.join(folder, boxFile), day);
    return { ok: true, main, ...copied };
  } finally {
    await sql.end();
  }
}

/** The rounds that a box has the release of. */
export const releasedIn = async (box: Box): Promise<string[]> =>
  (await box`select round_id from release`).map((r) => r.round_id as string);

/** Tells one box from another, also from one made anew on the same server. */
export async function boxIdentity(box: Box): Promise<string> {
  const [found] = await box`
    select system_identifier::text || '/' || (select oid from pg_database where datname = current_database()) as id
    from pg_control_system()`;
  return found!.id as string;
}

type ToCopy = { table: string; columns: string[]; order: string[] };

const takeMain = async (
  sql: Sql,
  { main, box }: { main: Main; box: Box },
  file: string,
  to: KeyObject,
  day: string,
) => {
  // Asked before main is read: what the box releases in between is in main's copy or is found in the box.
  const manifest: Manifest = { box: await boxIdentity(box), released: await releasedIn(box) };
  const { key, ephemeral } = backupKey.shut(to);
  const { name } = await house.read(main);
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    const rounds = await tx<{ id: string; name: string; state: string }[]>`
      select id, name, state from round where state not in ('closed', 'withdrawn') order by id`;
    const header: backupFile.Header = {
      format: 'medvirk-backup/1',
      of: 'main',
      day,
      house: name,
      shape: await shapeOf(tx as unknown as Sql),
      rounds: rounds.map((r) => ({ id: r.id, name: r.name, state: r.state })),
      key: backupKey.nameOf(to),
      ephemeral,
    };
    const tables = await tx<ToCopy[]>`
      select c.relname as table,
        (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
        (select array_agg(a.attname::text order by a.attnum) from pg_index i join pg_attribute a
          on a.attrelid = c.oid and a.attnum = any(i.indkey) where i.indrelid = c.oid and i.indisprimary) as order
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(${leftOut})
      order by c.relname`;
    async function* plain() {
      yield Buffer.from(`${JSON.stringify(manifest)}\n`);
      for (const one of tables) yield* tableRows.out(tx, { ...one, select: instead[one.table] });
    }
    await backupFile.write(file, header, [{ name: 'main', key, plain }]);
  });
};

/**
 * Every copy has new keys, one for each round, which are kept in main alone: the copy before is noise once this one is
 * there, and a round's part of every copy is noise once main has forgotten the round.
 */
const takeBox = async ({ main, box }: { main: Main; box: Box }, file: string, day: string) => {
  const copy = randomBytes(9).toString('base64url');
  const held = (await box`select id from round`).map((r) => r.id as string);
  const keys = held.length > 0 ? await newKeys(main, held, copy) : [];
  const rounds = await box.begin(async (tx) => {
    const there: ((typeof keys)[number] & { sealedSize: number })[] = [];
    for (const one of keys) {
      const table = ballotsOf(one.id);
      const [found] = await tx`select to_regclass(${table}) is not null as there`;
      if (!found!.there) continue;
      await tx`lock table ${tx(table)} in access share mode`;
      const [rule] = await tx<{ size: number }[]>`
        select substring(pg_get_constraintdef(oid) from 'octet_length\\(sealed\\) = (\\d+)')::int as size
        from pg_constraint where conrelid = ${table}::regclass and pg_get_constraintdef(oid) like '%(sealed)%'`;
      there.push({ ...one, sealedSize: rule!.size });
    }
    if (there.length === 0) return there;
    const header: backupFile.Header = {
      format: 'medvirk-backup/1',
      of: 'box',
      day,
      house: (await house.read(main)).name,
      shape: await shapeOf(box),
      rounds: there.map(({ id, name, state }) => ({ id, name, state })),
      key: copy,
    };
    const sections = there.map(({ id, key, sealedSize }) => ({
      name: id,
      key,
      plain: () =>
        tableRows.out(tx, {
          table: ballotsOf(id),
          columns: ['group_id', 'token_hash', 'sealed'],
          order: ['token_hash'],
          also: { sealedSize },
        }),
    }));
    await backupFile.write(file, header, sections);
    return there;
  });
  if (rounds.length === 0) await unlink(file).catch(() => {});
  await main.delete(boxCopyKey).where(ne(boxCopyKey.copy, copy));
  // Whoever holds it for long just now is closing a round, and rewrites it too.
  await rewrite(main, [boxCopyKey]);
  return { box: rounds.length > 0 ? file : null, rounds: rounds.map((r) => r.id) };
};

/** Keys for the rounds that are under way now: whoever closes one waits, and forgets its key too. */
const newKeys = (main: Main, held: string[], copy: string) =>
  main.transaction(async (tx) => {
    const found = await tx
      .select({ id: round.id, name: round.name, state: round.state })
      .from(round)
      .where(and(inArray(round.id, held), inArray(round.state, [...underWay])))
      .orderBy(round.id)
      .for('share');
    const rounds = found.map((one) => ({ ...one, key: randomBytes(32) }));
    if (rounds.length > 0)
      await tx.insert(boxCopyKey).values(rounds.map(({ id, key }) => ({ roundId: id, copy, key })));
    return rounds;
  });

/** The keys of a copy of the box that main still has, by round. */
export async function keysOf(main: Main, copy: string): Promise<Map<string, Buffer>> {
  const rows = await main.select().from(boxCopyKey).where(eq(boxCopyKey.copy, copy));
  return new Map(rows.map((row) => [row.roundId, Buffer.from(row.key)]));
}
