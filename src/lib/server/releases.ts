import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Actor } from '#domain/access.ts';
import * as Disclosure from '#domain/disclosure.ts';
import type { Leading } from '#domain/evaluation.ts';
import type { QuestionnaireKind } from '#domain/questionnaire.ts';
import type { Succession } from '#domain/history.ts';
import * as Releases from '#domain/release.ts';
import type { Release } from '#domain/release.ts';
import { resultsBy } from '#domain/round.ts';
import type { Step } from '#domain/step.ts';
import { getLocale } from '#messages/runtime';
import * as actors from '#server/actors.ts';
import type { Main } from '#server/db.ts';
import type { Gate } from '#server/gate.ts';
import { nodeName } from '#server/node-names.ts';
import { evaluated, questionnaire, release, round, step, unit } from '#server/schema.ts';
import * as successions from '#server/successions.ts';

export type Figures = Disclosure.Publishable<Release>;

/** A release as it lies in the database, all but its figures. */
export type Head = {
  roundId: string;
  name: string;
  kind: QuestionnaireKind;
  dryRun: boolean;
  stopsAt: Date;
  releasedAt: Date;
  sha256: string;
  withdrawnAt: Date | null;
  withdrawnReason: string | null;
  /** Codes of the units that HR chose should meet without figures rather than borrow those above. */
  without: string[];
  /** Of a leader evaluation: whose report a unit's is, by code. null: it was not said at freezing. */
  evaluated: Record<string, string> | null;
  /** Of a leader evaluation: who leads each unit today, by code. */
  leadings: Record<string, Leading> | null;
};

const head = {
  roundId: round.id,
  name: round.name,
  kind: questionnaire.kind,
  dryRun: round.dryRun,
  stopsAt: round.stopsAt,
  releasedAt: release.releasedAt,
  sha256: release.sha256,
  withdrawnAt: release.withdrawnAt,
  withdrawnReason: release.withdrawnReason,
  without: sql<string[]>`${round.choices}->'without'`,
  evaluated: sql<Record<string, string> | null>`(
    select jsonb_object_agg(led.code, e.leader_id) from ${evaluated} e join ${unit} led on led.id = e.unit_id
    where e.round_id = ${round.id} and e.outcome in ('figures', 'guide'))`,
  leadings: sql<Head['leadings']>`case when ${questionnaire.kind} = 'leader' then ${actors.leadings} end`,
};

const heads = (main: Main) =>
  main
    .select(head)
    .from(release)
    .innerJoin(round, eq(round.id, release.roundId))
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId));

/** Releases never change, so the few that are being read are kept as they were parsed. */
const kept = new Map<string, Figures>();
const mostKept = 4;

async function figures(main: Main, of: Head): Promise<Figures> {
  const known = kept.get(of.sha256);
  kept.delete(of.sha256);
  const found = known ?? (await readStored(main, of.roundId));
  kept.set(of.sha256, found);
  for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
  return found;
}

async function readStored(main: Main, roundId: string): Promise<Figures> {
  const [row] = await main.select({ bytes: release.bytes }).from(release).where(eq(release.roundId, roundId));
  if (!row) throw new Error(`the release of round ${roundId} is gone`);
  const read = Disclosure.audited(JSON.parse(row.bytes));
  if (!read.ok)
    throw new Error(`the release of round ${roundId} does not hold: ${JSON.stringify(read.findings)}`);
  return read.release;
}

/** A unit's place in a release: whose it is, what is said of it, and what it can be compared with. */
export type UnitRelease = {
  head: Head;
  unit: { code: string; name: string };
  /** Unit codes from the top of the municipality to the unit. */
  path: string[];
  /** The figures of a withdrawn release are read by nobody. */
  figures: Figures | null;
  /** The release before this one of the same questionnaire, of the same kind of round. */
  before: { head: Head; figures: Figures; succession: Succession } | null;
};

/**
 * A unit's place in a release that somebody may see, without reading its figures: for what is asked again and again.
 * Not found and not allowed are the same answer, and the gate gives it.
 */
export async function placeOf(
  main: Main,
  gate: Gate,
  roundId: string,
  code: string,
): Promise<Pick<UnitRelease, 'head' | 'unit' | 'path'> | null> {
  gate.ask('result.list');
  const found = await looked(main, roundId, code);
  if (!found) return null;
  gate.ask('result.see', found.subject);
  const [named] = await main.select({ name: unit.name }).from(unit).where(eq(unit.code, code));
  return { head: found.head, unit: { code, name: named?.name ?? code }, path: found.path };
}

/** Whether somebody may see a unit's way after a round. */
export async function maySee(main: Main, gate: Gate, roundId: string, code: string): Promise<boolean> {
  const found = await looked(main, roundId, code);
  return found !== null && gate.may('meeting.see', found.subject);
}

/** A release, and what the gate needs to know of a unit in it. */
async function looked(main: Main, roundId: string, code: string) {
  const [head] = (await heads(main).where(eq(release.roundId, roundId))) as Head[];
  if (!head) return null;
  const [path, presented] = await Promise.all([actors.path(main, code), presentedAt(main, roundId, code)]);
  return { head, path, subject: subject(head, path, presented) };
}

/** The same with the figures: what somebody may see of a unit in a round. */
export async function ofUnit(
  main: Main,
  gate: Gate,
  roundId: string,
  code: string,
): Promise<UnitRelease | null> {
  const place = await placeOf(main, gate, roundId, code);
  if (!place) return null;
  if (place.head.withdrawnAt) return { ...place, figures: null, before: null };
  const [own, before] = [inWords(await figures(main, place.head)), await previous(main, place.head)];
  return {
    ...place,
    figures: own,
    before: before && isOfSame(place.head, before.head, code) ? before : null,
  };
}

/** A report before is of the same leader; what was said of the one before is not for the next. */
const isOfSame = (now: Head, before: Head, code: string) =>
  now.kind !== 'leader' || now.evaluated?.[code] === before.evaluated?.[code];

/** The same figures, with the groups that have no name of their own named in the reader's language. */
const inWords = (of: Figures): Figures =>
  Disclosure.from(of, (release) => ({
    ...release,
    tree: release.tree.map((node) => ({ ...node, name: nodeName(node, release.tree, getLocale()) })),
  }));

/** What the gate needs to know to say who sees a unit's figures in a release. presented: when its own meeting did. */
export const subject = (
  of: Pick<Head, 'kind' | 'releasedAt' | 'stopsAt' | 'evaluated' | 'leadings'>,
  path: string[],
  presented?: Date,
) => ({
  path,
  aboutLeader: of.kind === 'leader',
  evaluated: of.evaluated ? (of.evaluated[path.at(-1) ?? ''] ?? null) : undefined,
  line: path.map((code) => of.leadings?.[code] ?? null),
  releasedAt: of.releasedAt,
  promisedBy: new Date(resultsBy(of.stopsAt)),
  presentedAt: presented,
});

/**
 * What a unit's meeting has in front of it: the round's figures, and those before. Asked for with the place of a
 * meeting that a leader opened (#server/candidates.ts), whose code lets a phone see the unit's figures. null: withdrawn.
 */
export async function inRoom(
  main: Main,
  roundId: string,
): Promise<{ figures: Figures; before: UnitRelease['before']; without: string[] } | null> {
  const [found] = (await heads(main).where(eq(release.roundId, roundId))) as Head[];
  if (!found || found.withdrawnAt) return null;
  const [of, before] = [inWords(await figures(main, found)), await previous(main, found)];
  return { figures: of, before, without: found.without };
}

/** When the first meeting of a unit presented the result of a round; undefined: none has. */
export async function presentedAt(main: Main, roundId: string, code: string): Promise<Date | undefined> {
  const [taken] = await main
    .select({ at: step.at })
    .from(step)
    .innerJoin(unit, eq(unit.id, step.unitId))
    .where(and(eq(step.roundId, roundId), eq(unit.code, code), eq(step.step, 'presented' satisfies Step)));
  return taken?.at;
}

/** A release that a unit was in. questionnaire: its key. presentedAt: when the unit's own meeting did. */
export type InTime = { head: Head; questionnaire: string; presentedAt: Date | undefined };

/** The releases a unit was in, oldest first: none withdrawn, no dry runs. Figures of them: see `seen`. */
export async function inTime(main: Main, code: string): Promise<InTime[]> {
  const rows = await main
    .select({ head, questionnaire: questionnaire.key, presentedAt: step.at })
    .from(release)
    .innerJoin(round, eq(round.id, release.roundId))
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .leftJoin(unit, eq(unit.code, code))
    .leftJoin(
      step,
      and(eq(step.roundId, round.id), eq(step.unitId, unit.id), eq(step.step, 'presented' satisfies Step)),
    )
    .where(
      and(
        isNull(release.withdrawnAt),
        eq(round.dryRun, false),
        sql`exists (select from jsonb_array_elements(${round.tree}->'nodes') n where n->'units' ? ${code})`,
      ),
    )
    .orderBy(asc(release.releasedAt), asc(round.id));
  return rows.map((row) => ({ ...row, head: row.head as Head, presentedAt: row.presentedAt ?? undefined }));
}

/** The figures of a release for somebody who may see this unit's result in it now; null: they may not. */
export async function seen(
  main: Main,
  gate: Gate,
  of: Pick<InTime, 'head' | 'presentedAt'>,
  path: string[],
): Promise<Figures | null> {
  if (!gate.may('result.see', subject(of.head, path, of.presentedAt))) return null;
  return inWords(await figures(main, of.head));
}

async function previous(main: Main, of: Head): Promise<UnitRelease['before']> {
  const same = main
    .select({ key: questionnaire.key })
    .from(round)
    .innerJoin(questionnaire, eq(questionnaire.id, round.questionnaireId))
    .where(eq(round.id, of.roundId));
  const [found] = (await heads(main)
    .where(
      and(
        sql`${questionnaire.key} = (${same})`,
        eq(round.dryRun, of.dryRun),
        lt(release.releasedAt, of.releasedAt),
        isNull(release.withdrawnAt),
      ),
    )
    .orderBy(desc(release.releasedAt))
    .limit(1)) as Head[];
  if (!found) return null;
  const then = inWords(await figures(main, found));
  return { head: found, figures: then, succession: await successions.list(main) };
}

/** The share of the invited who answered in the newest release of a questionnaire; null where none says. */
export async function lastRate(main: Main, key: string): Promise<Disclosure.Publishable<number> | null> {
  const [found] = (await heads(main)
    .where(and(eq(questionnaire.key, key), eq(round.dryRun, false), isNull(release.withdrawnAt)))
    .orderBy(desc(release.releasedAt))
    .limit(1)) as Head[];
  if (!found) return null;
  const of = await figures(main, found);
  const top = of.tree.find(({ parent }) => parent === null);
  return top ? Releases.rate(of, top.id) : null;
}

/** How many were invited to a round and counted in its release; null where there is none to be read. */
export async function ballots(main: Main, roundId: string): Promise<Figures['ballots'] | null> {
  const [found] = (await heads(main)
    .where(and(eq(round.id, roundId), isNull(release.withdrawnAt)))
    .limit(1)) as Head[];
  return found ? (await figures(main, found)).ballots : null;
}

type Place = { roundId: string; code: string; name: string; presentedAt: string | null };
export type Listed = { head: Head; unit: { code: string; name: string } };

/**
 * The results somebody may see, newest first: of the units they lead, work in or have a role for, of the leaders
 * whose leader they are, and of the round's own top.
 */
export async function list(main: Main, gate: Gate): Promise<Listed[]> {
  gate.ask('result.list');
  const actor = gate.actor as Actor;
  const own = [...new Set([...actor.leads, ...actor.worksIn, ...actor.roles.flatMap((r) => r.unit ?? [])])];
  const codes = sql.join([sql`null`, ...own.map((code) => sql`${code}`)], sql`, `);
  const places = await main.execute<Place>(sql`
    select distinct r.id as "roundId", c.code, coalesce(u.name, n.node->>'name') as name, s.at as "presentedAt"
    from ${release} rel
    join ${round} r on r.id = rel.round_id
    cross join lateral jsonb_array_elements(r.tree->'nodes') as n(node)
    cross join lateral jsonb_array_elements_text(n.node->'units') as c(code)
    join ${questionnaire} q on q.id = r.questionnaire_id
    left join ${unit} u on u.code = c.code
    left join ${step} s on s.round_id = r.id and s.unit_id = u.id and s.step = 'presented'
    where (n.node->>'part' = 'whole' and n.node->'parent' = 'null'::jsonb)
       or c.code in (${codes})
       or (q.kind = 'leader' and ${actor.leads.length > 0} and n.node->>'part' = 'whole')
       or exists (select from ${evaluated} e
         where e.round_id = r.id and e.unit_id = u.id and e.leader_id = ${actor.personId})`);
  const pathOf = await actors.paths(main);
  const paths = new Map(places.map(({ code }) => [code, pathOf(code)]));
  const seen = (of: Head, { code, presentedAt }: Place) =>
    gate.may('result.see', subject(of, paths.get(code)!, presentedAt ? new Date(presentedAt) : undefined));
  const released = (await heads(main).orderBy(desc(release.releasedAt), round.name)) as Head[];
  return released.flatMap((of) =>
    places
      .filter((p) => p.roundId === of.roundId && seen(of, p))
      .sort(
        (a, b) => paths.get(a.code)!.length - paths.get(b.code)!.length || a.name.localeCompare(b.name, 'nb'),
      )
      .map(({ code, name }) => ({ head: of, unit: { code, name } })),
  );
}
