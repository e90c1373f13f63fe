import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import { merge } from '#domain/merge.ts';
import * as Report from '#domain/report.ts';
import { inTreeOrder } from '#domain/unit.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { written } from '#server/report-content.ts';
import { measure, measureVersion, meeting, person, plan, point, report, unit } from '#server/schema.ts';

/**
 * Begins the reports whose periods have ended: one for every unit that stood on the period's last day and where, in
 * it or below it, there was by then something to report on: a measure, a point that a meeting chose, or a plan for the
 * year. Where nothing was written as measures, the report says so. Called each time the clock ticks, by any process,
 * also after months of silence: the unique key lets each report begin once. Gives how many began now.
 */
export async function start(main: Main, now: Date): Promise<number> {
  const ended = Report.ended(now);
  const periods = ended.map((of) => {
    const { until } = Report.span(of);
    return sql`(${of.year}::smallint, ${of.period}, ${Report.endsOn(of)}::date, ${until.toISOString()}::timestamptz)`;
  });
  if (periods.length === 0) return 0;
  const begun = await main.execute(sql`
    with recursive begun (unit_id, at, year) as (
      select one.unit_id, min(v.at), null::smallint from ${measure} one
      join ${measureVersion} v on v.measure_id = one.id and v.version = 1 group by one.unit_id
      union
      select met.unit_id, met.created_at, null from ${meeting} met
      where exists (select from ${point} chosen where chosen.meeting_id = met.id)
      union
      select of.unit_id, of.created_at, of.year from ${plan} of
      union
      select u.parent_id, b.at, b.year from begun b join ${unit} u on u.id = b.unit_id where u.parent_id is not null
    ), first (unit_id, at, year) as (select unit_id, min(at), year from begun group by unit_id, year)
    insert into ${report} (unit_id, year, period, started_at)
    select u.id, p.year, p.period, ${now.toISOString()}::timestamptz
    from (values ${sql.join(periods, sql`, `)}) p (year, period, ends_on, until)
    join ${unit} u on u.valid_from <= p.ends_on and (u.valid_to is null or u.valid_to >= p.ends_on)
    where exists (
      select from first f where f.unit_id = u.id and f.at < p.until and (f.year is null or f.year = p.year))
    and not exists (select from ${report} r where r.unit_id = u.id and r.year = p.year and r.period = p.period)
    on conflict do nothing returning id`);
  return begun.length;
}

/** A report that has begun and is not handed in. dueOn: an ISO day. late: that day has passed. */
export type Waiting = Report.Period & {
  id: string;
  unit: { id: string; code: string; name: string };
  dueOn: string;
  late: boolean;
};

/** The reports of these units themselves (ids) that are not handed in, the longest due first. */
export async function waiting(main: Main, unitIds: string[], now: Date): Promise<Waiting[]> {
  const rows = await main
    .select({ id: report.id, year: report.year, period: report.period, unit: unitShown })
    .from(report)
    .innerJoin(unit, eq(unit.id, report.unitId))
    .where(and(inArray(report.unitId, unitIds), isNull(report.handedAt)))
    .orderBy(asc(unit.code));
  return rows
    .map(({ period, ...row }) => ({ ...row, period: period as Report.Kind }))
    .map((row) => ({ ...row, dueOn: Report.dueOn(row), late: Report.isLate(row, now) }))
    .sort((a, b) => a.dueOn.localeCompare(b.dueOn));
}

/** A report as lists meet it. handedBy: a name. */
type ReportRow = Report.Period & {
  id: string;
  unit: { id: string; code: string; name: string };
  words: string;
  version: number;
  handedAt: Date | null;
  handedBy: string | null;
};

/** The reports of a year, or (id) one. */
export async function list(main: Main, which: { year?: number; id?: string }): Promise<ReportRow[]> {
  const { id, unitId: _, startedAt: __, handedBy: ___, content: ____, ...rest } = getTableColumns(report);
  const rows = await main
    .select({ id, ...rest, handedBy: person.name, unit: unitShown })
    .from(report)
    .innerJoin(unit, eq(unit.id, report.unitId))
    .leftJoin(person, eq(person.id, report.handedBy))
    .where(
      and(
        which.year === undefined ? undefined : eq(report.year, which.year),
        which.id === undefined ? undefined : eq(report.id, which.id),
      ),
    );
  return rows.map((row) => ({ ...row, period: row.period as Report.Kind }));
}

/** The years that have reports, newest first. */
export const years = async (main: Main): Promise<number[]> =>
  (await main.selectDistinct({ year: report.year }).from(report).orderBy(desc(report.year))).map(
    ({ year }) => year,
  );

export async function find(main: Main, id: string): Promise<ReportRow | null> {
  const [found] = await list(main, { id });
  return found ?? null;
}

/** What a report says: as it was handed in, or else as things stand now with the draft's words. */
export async function content(main: Main, of: ReportRow, now: Date): Promise<Report.Content> {
  if (of.handedAt === null) return await written(main, of, of.words, null, now);
  const [kept] = await main.select({ content: report.content }).from(report).where(eq(report.id, of.id));
  return kept!.content as Report.Content;
}

/** The words somebody writes, and those they began from. */
export type Draft = { words: string; begun: string; version: number };

export type Kept =
  | { ok: true }
  | { ok: false; refusal: Report.Refusal | 'unknown' }
  /** Somebody else kept other words meanwhile: theirs, and the version that the next draft begins from. */
  | { ok: false; refusal: 'conflict'; theirs: string; version: number };

/** Keeps a draft. Two who write at once lose nothing: whoever comes second is shown what the first wrote. */
export const save = (main: Main, id: string, draft: Draft, now: Date, permit: Permit<'report.write'>) =>
  keep(main, id, draft, false, now, permit);

/** Keeps the words and hands the report in, with all that it says at this moment. It never changes after. */
export const hand = (main: Main, id: string, draft: Draft, now: Date, permit: Permit<'report.write'>) =>
  keep(main, id, draft, true, now, permit);

async function keep(
  main: Main,
  id: string,
  draft: Draft,
  handing: boolean,
  now: Date,
  permit: Permit<'report.write'>,
): Promise<Kept> {
  return await main.transaction(async (tx) => {
    const [found] = await tx.select().from(report).where(eq(report.id, id)).for('update');
    if (!found) return { ok: false, refusal: 'unknown' };
    const theirs = found.words;
    const isSame = found.version === draft.version;
    const { merged, conflicts } = merge(
      { words: isSame ? theirs : draft.begun },
      { words: draft.words },
      { words: theirs },
    );
    const checked = Report.check(found, merged.words, handing);
    if (!checked.ok) return checked;
    if (conflicts.length > 0) return { ok: false, refusal: 'conflict', theirs, version: found.version };
    const words = merged.words.trim();
    const values = { words, version: found.version + (words === theirs ? 0 : 1) };
    if (!handing) {
      await tx.update(report).set(values).where(eq(report.id, id));
      return { ok: true };
    }
    const by = permit.by && (await tx.select().from(person).where(eq(person.id, permit.by)))[0]?.name;
    const of = { year: found.year, period: found.period as Report.Kind, unit: { id: found.unitId } };
    const content = await written(tx, of, words, by ?? null, now);
    await tx
      .update(report)
      .set({ ...values, handedAt: now, handedBy: permit.by, content })
      .where(eq(report.id, id));
    return { ok: true };
  });
}

/** A unit with its reports of a year. depth: 0 where no unit above it is shown. */
type UnitReports = { code: string; name: string; depth: number; reports: ReportRow[] };

/** The reports of a year for the units that may be seen (by path, codes from the top), in the order of the tree. */
export async function ofYear(
  main: Main,
  year: number,
  maySee: (path: string[]) => boolean,
): Promise<UnitReports[]> {
  const all = await main
    .select({ id: unit.id, code: unit.code, name: unit.name, above: unit.parentId })
    .from(unit);
  const codeOf = new Map(all.map(({ id, code }) => [id, code]));
  const units = all.map((of) => ({ ...of, parent: of.above && (codeOf.get(of.above) ?? null) }));
  const parentOf = new Map(units.map(({ code, parent }) => [code, parent]));
  const path = (code: string | null | undefined): string[] =>
    code ? [...path(parentOf.get(code)), code] : [];
  const found = Map.groupBy(await list(main, { year }), (of) => of.unit.code);
  const shown = units.filter(({ code }) => found.has(code) && maySee(path(code)));
  return inTreeOrder(shown).map(({ unit: { code, name }, depth }) => {
    return { code, name, depth, reports: found.get(code)! };
  });
}

const unitShown = { id: unit.id, code: unit.code, name: unit.name };
