import type { Box } from '#server/db.ts';

/** What the box's server must be set to, so that nothing beside a ballot remembers it: setting and values, the first one best. */
export const settings: [setting: string, allowed: string[]][] = [
  ['track_commit_timestamp', ['off']],
  ['log_statement', ['none']],
  ['log_duration', ['off']],
  ['log_min_duration_statement', ['-1']],
  ['log_min_duration_sample', ['-1']],
  ['log_transaction_sample_rate', ['0']],
  ['log_parameter_max_length', ['0']],
  ['log_parameter_max_length_on_error', ['0']],
  ['log_min_error_statement', ['panic']],
  ['log_error_verbosity', ['terse']],
  // Each writes what a statement held, or when it ran.
  ['debug_print_parse', ['off']],
  ['debug_print_rewritten', ['off']],
  ['debug_print_plan', ['off']],
  ['log_statement_stats', ['off']],
  ['log_parser_stats', ['off']],
  ['log_planner_stats', ['off']],
  ['log_executor_stats', ['off']],
  ['archive_mode', ['off']],
  ['max_wal_senders', ['0']],
  ['wal_recycle', ['off']],
  ['wal_keep_size', ['0']],
  ['summarize_wal', ['off']],
  ['track_activities', ['off']],
  ['fsync', ['on']],
  ['full_page_writes', ['on']],
  ['synchronous_commit', ['on', 'remote_write', 'remote_apply', 'local']],
  // Extensions that log on their own, such as auto_explain and pgaudit.
  ['shared_preload_libraries', ['']],
  ['session_preload_libraries', ['']],
  ['local_preload_libraries', ['']],
];

/** Sentences that say which settings of the box's server to change; none when all are as they must be. */
export async function wrongSettings(box: Box): Promise<string[]> {
  const names = settings.map(([name]) => name);
  const set = await box`select name, setting from pg_settings where name = any(${names})`;
  const [{ version }] =
    (await box`select current_setting('server_version_num')::int as version`) as unknown as [
      { version: number },
    ];
  return settings.flatMap(([name, allowed]) => {
    const value = set.find((s) => s.name === name)?.setting;
    // New in PostgreSQL 17: an older server keeps no such thing.
    if (value === undefined && name === 'summarize_wal' && version < 170_000) return [];
    if (value === undefined)
      return [`Gi brukeren i BOX_DATABASE_URL rollen pg_read_all_settings, så ${name} kan kontrolleres.`];
    if (allowed.includes(value)) return [];
    const wanted = allowed[0] === '' ? "''" : allowed[0];
    return [`Sett ${name} = ${wanted} på stemmeboksens PostgreSQL-server (nå: ${value}).`];
  });
}

const kinds: Record<string, string> = {
  column: 'en kolonne av en type som ikke skal være der',
  ballots: 'en svartabell med andre kolonner enn gruppe, kvittering og svar',
  default: 'en kolonne som fylles ut av seg selv',
  relation: 'en teller, visning eller annet som ikke er en tabell',
  trigger: 'en utløser',
  rule: 'en regel',
  reference: 'en fremmednøkkel',
  statistics: 'statistikk over innholdet',
  vacuum: 'en tabell som autovacuum rydder i',
  replica: 'en publisering eller et abonnement',
  extension: 'en utvidelse',
  right: 'en tabell der rollen box_intake kan mer enn å lese og legge i',
};

/**
 * Sentences that say what in the box could tell when, in which order or by whom a ballot came, and must go; none when
 * there is nothing. Looks at every schema but PostgreSQL's own and the list of migrations.
 */
export async function memories(box: Box): Promise<string[]> {
  const found = await box<{ kind: string; name: string }[]>`
    with own as (
      select c.oid, c.relname, c.relkind, c.reloptions, c.oid::regclass::text as name,
        c.relname ~ '^ballots_[0-9a-z]{8}$' as ballots
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'drizzle') and n.nspname !~ '^pg_(toast|temp)'
    ), col as (
      select own.*, a.attname, a.attnum, a.atttypid, a.attidentity, a.attgenerated, a.atthasdef, a.attstattarget
      from own join pg_attribute a on a.attrelid = own.oid
      where own.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    )
    select 'column' as kind, name || '.' || attname || ' (' || format_type(atttypid, null) || ')' as name from col
      where atttypid not in ('text'::regtype, 'bytea'::regtype, 'boolean'::regtype, 'integer'::regtype)
    union all select 'ballots', name from col where ballots group by name
      having array_agg(attname::text order by attnum) <> array['group_id', 'token_hash', 'sealed']
    union all select 'default', name || '.' || attname from col
      where atthasdef or attidentity <> '' or attgenerated <> ''
    union all select 'relation', name from own where relkind not in ('r', 'i', 't')
    union all select 'trigger', tgrelid::regclass::text || '.' || tgname from pg_trigger where tgrelid in (select oid from own)
    union all select 'trigger', evtname from pg_event_trigger
    union all select 'rule', tablename || '.' || rulename from pg_rules where schemaname <> 'pg_catalog'
    union all select 'reference', conrelid::regclass::text || '.' || conname from pg_constraint where contype = 'f'
    union all select 'statistics', name || '.' || attname from col where ballots and attstattarget is distinct from 0
    union all select 'statistics', stxname from pg_statistic_ext
    union all select 'vacuum', name from own where relkind = 'r'
      and not coalesce(reloptions @> array['autovacuum_enabled=false'], false)
    union all select 'replica', pubname from pg_publication
    union all select 'extension', extname from pg_extension where extname <> 'plpgsql'
    union all select 'right', name from own where relkind = 'r'
      and (has_table_privilege('box_intake', oid, 'update, delete, truncate, trigger')
        or (not ballots and has_table_privilege('box_intake', oid, 'insert')))
    order by 1, 2`;
  return found.map(
    ({ kind, name }) =>
      `Stemmeboksen har ${kinds[kind]}: ${name}. Den kan røpe når, i hvilken rekkefølge eller fra hvem et svar kom. Ta den bort.`,
  );
}
