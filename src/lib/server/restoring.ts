import type { KeyObject } from 'node:crypto';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql, TransactionSql } from 'postgres';
import * as Restored from '#domain/restored.ts';
import { type State, unfrozen } from '#domain/round.ts';
import * as backupFile from '#server/backup-file.ts';
import * as backupKey from '#server/backup-key.ts';
import { boxIdentity, type Manifest, releasedIn } from '#server/backups.ts';
import { ballotsOf, setIntake } from '#server/box.ts';
import { follow } from '#server/closing.ts';
import { type Box, connectBox, connectMain, type Main } from '#server/db.ts';
import { forget } from '#server/forgetting.ts';
import { connect, known, LOCK, migrateWithin } from '#server/migrate.ts';
import * as schema from '#server/schema.ts';
import * as tableRows from '#server/table-rows.ts';

export type Urls = { main: string; box: string };
export type RestoreRefusal =
  /** Changed, cut off, or no copy. */
  | 'damaged'
  | 'no-key'
  | 'other-key'
  /** Taken by a program that knows more of the database than this one. */
  | 'newer'
  /** Somebody is connected: the server still runs. */
  | 'in-use'
  /** Something is in the database that would be replaced. */
  | 'not-empty';

export type Fate = { id: string; name: string; state: State; becomes: ReturnType<typeof Restored.fate> };
export type MainPlan = {
  header: backupFile.Header;
  /** What is there now: the house's name and how many people; null: nothing. */
  now: { house: string | null; people: number } | null;
  fates: Fate[];
  /** Rounds whose release was withdrawn after the copy: it stays withdrawn. */
  withdrawn: string[];
  /** Not the box that the copy was taken beside: what was withdrawn since cannot be known. */
  otherBox: boolean;
  /** Rounds in the box that the copy does not know. */
  unknown: string[];
};

/** Whether somebody else is connected to the database. */
const isInUse = async (sql: Sql): Promise<boolean> => {
  const [others] = await sql`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
  return (others!.n as number) > 0;
};

const present = async (sql: Sql): Promise<MainPlan['now']> => {
  const [tables] = await sql`select to_regclass('public.person') is not null as there`;
  if (!tables!.there) return null;
  const [found] = await sql`
    select (select name from house) as house, (select count(*)::int from person) as people,
      exists (select from round) as rounds`;
  const { house, people, rounds } = found as unknown as {
    house: string | null;
    people: number;
    rounds: boolean;
  };
  return house === null && people === 0 && !rounds ? null : { house, people };
};

const inBox = async (box: Box, id: string): Promise<Restored.InBox> => {
  const [found] = await box`
    select exists (select from release where round_id = ${id}) as release,
      to_regclass(${ballotsOf(id)}) is not null as held,
      coalesce((select intake from round where id = ${id}), false) as intake`;
  const of = found as unknown as Omit<Restored.InBox, 'any'>;
  const any = of.held && (await box`select from ${box(ballotsOf(id))} limit 1`).length > 0;
  return { ...of, any };
};

const contentKey = (header: backupFile.Header, privateKey: KeyObject) =>
  header.key === backupKey.nameOf(privateKey) && header.ephemeral
    ? backupKey.opened(privateKey, header.ephemeral)
    : null;

/** Reads a copy of main to its end and says what restoring it would do. Changes nothing. */
export async function planMain(
  file: string,
  keyFile: string,
  urls: Urls,
  replace: boolean,
): Promise<{ ok: true; plan: MainPlan; key: Buffer } | { ok: false; refusal: RestoreRefusal }> {
  const privateKey = backupKey.read(keyFile, 'private');
  if (!privateKey) return { ok: false, refusal: 'no-key' };
  const copy = await backupFile.open(file);
  if (!copy) return { ok: false, refusal: 'damaged' };
  const [sql, box] = [connect(urls.main), connectBox(urls.box)];
  try {
    const { header } = copy;
    if (!known('main').includes(header.shape)) return { ok: false, refusal: 'newer' };
    const key = contentKey(header, privateKey);
    if (!key) return { ok: false, refusal: 'other-key' };
    const content = tableRows.reading(copy.section('main', key));
    const manifest = JSON.parse((await content.line()) ?? '{}') as Manifest;
    await tableRows.readThrough(content);
    await copy.end();
    if (await isInUse(sql)) return { ok: false, refusal: 'in-use' };
    const now = await present(sql);
    if (now && !replace) return { ok: false, refusal: 'not-empty' };

    const fates: Fate[] = [];
    for (const r of header.rounds) {
      const state = r.state as State;
      fates.push({ ...r, state, becomes: Restored.fate(state, await inBox(box, r.id)) });
    }
    const released = await releasedIn(box);
    const otherBox = manifest.box !== (await boxIdentity(box));
    const withdrawn = otherBox ? [] : manifest.released.filter((id) => !released.includes(id));
    const inCopy = new Set([...header.rounds.map((r) => r.id), ...manifest.released]);
    const unknown = [...(await box`select id from round`).map((r) => r.id as string), ...released].filter(
      (id) => !inCopy.has(id),
    );
    return { ok: true, plan: { header, now, fates, withdrawn, otherBox, unknown }, key };
  } finally {
    await Promise.all([copy.close(), sql.end(), box.end()]);
  }
}

/** Puts a copy of main in place of what is there, in one transaction; then lets main follow what the box closed since. */
export async function restoreMain(
  file: string,
  { plan, key }: { plan: MainPlan; key: Buffer },
  urls: Urls,
  now: Date,
): Promise<{ ok: true } | { ok: false; refusal: 'damaged' | 'in-use' }> {
  const copy = await backupFile.open(file);
  if (!copy) return { ok: false, refusal: 'damaged' };
  const sql = connect(urls.main);
  try {
    if (await isInUse(sql)) return { ok: false, refusal: 'in-use' };
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(${LOCK})`;
      await empty(tx);
      await migrateWithin(tx, plan.header.shape);
      const links = await dropLinks(tx);
      await triggers(tx, 'disable');
      const content = tableRows.reading(copy.section('main', key));
      await content.line();
      for (let line = await content.line(); line !== null; line = await content.line())
        await tableRows.into(tx, JSON.parse(line) as tableRows.Table, content);
      await copy.end();
      for (const { table, name, definition } of links)
        await tx.unsafe(`alter table ${table} add constraint ${tableRows.quoted(name)} ${definition}`);
      await triggers(tx, 'enable');
      await setSequences(tx);
      await migrateWithin(tx);
      // As drizzle's own transactions are made; a transaction of postgres.js lacks only what drizzle sets there.
      await settle(
        drizzle(Object.assign(tx, { options: sql.options }) as unknown as Sql, { schema }) as Main,
        tx,
        plan,
        now,
      );
    });
  } finally {
    await Promise.all([copy.close(), sql.end()]);
  }
  const { main, sql: again } = connectMain(urls.main, 2);
  const box = connectBox(urls.box);
  try {
    for (const { id } of plan.fates.filter((f) => f.becomes === 'closed'))
      await follow(main, box, id, now, null);
    for (const { id } of plan.fates.filter((f) => f.becomes === 'stopped')) await setIntake(box, id, false);
  } finally {
    await Promise.all([again.end(), box.end()]);
  }
  return { ok: true };
}

const empty = async (tx: TransactionSql) => {
  const tables = await tx`select tablename as name from pg_tables where schemaname = 'public'`;
  for (const { name } of tables) await tx.unsafe(`drop table public.${tableRows.quoted(name)} cascade`);
  const functions = await tx`
    select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace`;
  for (const { name } of functions) await tx.unsafe(`drop function ${name}`);
  await tx.unsafe('drop schema if exists drizzle cascade');
};

/** What is copied was let in once; the rules for what may be changed are for those who come after. */
const triggers = async (tx: TransactionSql, how: 'disable' | 'enable') => {
  const tables = await tx`
    select distinct tgrelid::regclass::text as name from pg_trigger t join pg_class c on c.oid = tgrelid
    where not tgisinternal and c.relnamespace = 'public'::regnamespace`;
  for (const { name } of tables) await tx.unsafe(`alter table ${name} ${how} trigger user`);
};

type Link = { table: string; name: string; definition: string };

/** Foreign keys would ask for rows in an order; they are put back, and so checked, when all rows are in. */
const dropLinks = async (tx: TransactionSql): Promise<Link[]> => {
  const links = await tx<Link[]>`
    select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`;
  for (const { table, name } of links)
    await tx.unsafe(`alter table ${table} drop constraint ${tableRows.quoted(name)}`);
  return links;
};

const setSequences = async (tx: TransactionSql) => {
  const serial = await tx<{ table: string; column: string; sequence: string }[]>`
    select c.oid::regclass::text as table, a.attname::text as column,
      pg_get_serial_sequence(c.oid::regclass::text, a.attname) as sequence
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and pg_get_serial_sequence(c.oid::regclass::text, a.attname) is not null`;
  for (const { table, column, sequence } of serial)
    await tx.unsafe(
      `select setval('${sequence}', greatest(max(${tableRows.quoted(column)}), 1), max(${tableRows.quoted(column)}) is not null) from ${table}`,
    );
};

/** Reasons that stay visible beside what was withdrawn, as a person would have written them there. */
const lostReason = 'Databasen ble gjenopprettet fra en kopi, og svarene finnes ikke lenger.';
const withdrawnReason =
  'Resultatet ble trukket tilbake etter at kopien som databasen er gjenopprettet fra, ble tatt.';

/** What the copy cannot know: what has happened since. */
const settle = async (main: Main, tx: TransactionSql, plan: MainPlan, moment: Date) => {
  const now = moment.toISOString();
  const event = (id: string, name: string, reason: string | null) =>
    tx`insert into round_event (round_id, event, at, reason) values (${id}, ${name}, ${now}, ${reason})`;
  const withdraw = async (id: string, reason: string) => {
    await tx`update round set state = 'withdrawn' where id = ${id}`;
    await event(id, 'withdraw', reason);
  };
  for (const { id, state, becomes } of plan.fates) {
    if (becomes === 'gone') {
      await withdraw(id, lostReason);
      await forget(main, id);
      continue;
    }
    if (becomes === 'stopped' || becomes === 'closed') {
      const stopped = await tx`
        update round set state = 'stopped', stops_at = least(stops_at, ${now}) where id = ${id} and state <> 'stopped'`;
      if (stopped.count > 0) await event(id, 'stop', null);
    }
    if (unfrozen.includes(state)) continue;
    // Who fetched a paper since is not in the copy: so everybody may have, unless HR decides otherwise.
    await tx`
      insert into issued (invitation_id, round_id, group_id, blinded_hash)
      select id, round_id, group_id, ${Buffer.from(Restored.perhapsFetched)} from invitation where round_id = ${id}
      order by gen_random_uuid() on conflict do nothing`;
    await event(id, 'restore', plan.header.day);
  }
  for (const id of plan.withdrawn) {
    const changed = await tx`
      update release set content = '{}', bytes = '', receipts = '', withdrawn_at = ${now}, withdrawn_reason = ${withdrawnReason}
      where round_id = ${id} and withdrawn_at is null`;
    if (changed.count > 0) await withdraw(id, withdrawnReason);
  }
};
