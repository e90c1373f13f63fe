import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { and, desc, eq, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { empty, type Draft, line, type Listed, type ListRefusal, most, setRequired } from '#domain/draft.ts';
import type { FieldRefusal, Part, Ticked } from '#domain/draft-part.ts';
import { type Conflict, type Fields, merge } from '#domain/merge.ts';
import { parse, type QuestionnaireFault } from '#domain/questionnaire-faults.ts';
import { type QuestionnaireKind } from '#domain/questionnaire.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import * as questionnaires from '#server/questionnaires.ts';
import { person, questionnaireDraft } from '#server/schema.ts';

type Row = typeof questionnaireDraft.$inferSelect;

/** A draft, the version that it began from, and the newest one of its key now. */
export type DraftRow = Row & {
  /** Names of those who changed it last and who closed it; null: the machine's own operator. */
  changedName: string | null;
  closedName: string | null;
  base: questionnaires.QuestionnaireRow | null;
  newest: questionnaires.QuestionnaireRow | null;
};

/** A new id for a theme, a statement, a scale or a factor: one that no version has had. */
export const newId = (): string => `n${randomBytes(6).toString('hex')}`;

const changer = alias(person, 'changer');
const closer = alias(person, 'closer');
const rows = (main: Main) =>
  main
    .select({ row: questionnaireDraft, changedName: changer.name, closedName: closer.name })
    .from(questionnaireDraft)
    .leftJoin(changer, eq(changer.id, questionnaireDraft.changedBy))
    .leftJoin(closer, eq(closer.id, questionnaireDraft.closedBy));

/** Drafts that are under way, the last changed first. */
export async function listOpen(main: Main): Promise<(Row & { changedName: string | null })[]> {
  const found = await rows(main)
    .where(isNull(questionnaireDraft.closedAt))
    .orderBy(desc(questionnaireDraft.changedAt));
  return found.map(({ row, changedName }) => ({ ...row, changedName }));
}

/** One draft, closed ones too. */
export async function find(main: Main, id: string): Promise<DraftRow | null> {
  const [found] = await rows(main).where(eq(questionnaireDraft.id, id));
  if (!found) return null;
  const { row, ...names } = found;
  const base = row.basedOn ? await questionnaires.byId(main, row.basedOn) : null;
  return { ...row, ...names, base, newest: await questionnaires.latest(main, row.key) };
}

/** Begins on the next version of a questionnaire, or goes to the draft that somebody has begun already. */
export async function begin(
  main: Main,
  from: string,
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<{ ok: true; id: string; begun: boolean } | { ok: false; refusal: 'gone' }> {
  const base = await questionnaires.byId(main, from);
  if (!base) return { ok: false, refusal: 'gone' };
  const content = structuredClone(base.content);
  // What a file says must be answered and may not be, as of residents, is voluntary from here on.
  setRequired(content, 'some');
  return await insert(main, base.key, base.id, { content, reviews: {} }, now, permit);
}

/** Begins on a new questionnaire, with one theme's worth of nothing in it. */
export async function beginEmpty(
  main: Main,
  title: string,
  kind: QuestionnaireKind,
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<{ ok: true; id: string; begun: boolean } | { ok: false; refusal: 'no-text' | 'long' }> {
  const words = line(title);
  if (words === '') return { ok: false, refusal: 'no-text' };
  if ([...words].length > most.text) return { ok: false, refusal: 'long' };
  const plain = words
    .toLowerCase()
    .replace(/[æøå]/g, (sign) => ({ æ: 'e', ø: 'o', å: 'a' })[sign]!)
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  const key = `${plain.slice(0, 28).replace(/-$/, '') || 'own'}-${randomBytes(4).toString('hex')}`;
  return await insert(main, key, null, empty(key, kind, words), now, permit);
}

async function insert(
  main: Main,
  key: string,
  basedOn: string | null,
  draft: Draft,
  now: Date,
  { by }: Permit<'questionnaire.change'>,
) {
  const [made] = await main
    .insert(questionnaireDraft)
    .values({ key, basedOn, draft, startedAt: now, startedBy: by, changedAt: now, changedBy: by })
    .onConflictDoNothing()
    .returning({ id: questionnaireDraft.id });
  if (made) return { ok: true as const, id: made.id, begun: true };
  const open = and(eq(questionnaireDraft.key, key), isNull(questionnaireDraft.closedAt));
  const [there] = await main.select({ id: questionnaireDraft.id }).from(questionnaireDraft).where(open);
  return { ok: true as const, id: there!.id, begun: false };
}

/** closed: somebody has finished the draft or thrown it away; gone: the part is not in it any more. */
export type Refused = 'closed' | 'gone';

async function locked(main: Main, id: string): Promise<Row | null> {
  const [found] = await main
    .select()
    .from(questionnaireDraft)
    .where(eq(questionnaireDraft.id, id))
    .for('update');
  return found && !found.closedAt ? found : null;
}

async function keep(tx: Main, row: Row, draft: Draft, now: Date, by: string | null): Promise<void> {
  if (isDeepStrictEqual(draft, row.draft)) return;
  await tx
    .update(questionnaireDraft)
    .set({ draft, version: row.version + 1, changedAt: now, changedBy: by })
    .where(eq(questionnaireDraft.id, row.id));
}

/** Adds to a list of a draft, takes from it, or moves in it: on what stands there now. */
export async function edit(
  main: Main,
  id: string,
  how: (draft: Draft) => Listed,
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<{ ok: true } | { ok: false; refusal: ListRefusal | 'closed' }> {
  return await main.transaction(async (tx) => {
    const row = await locked(tx, id);
    if (!row) return { ok: false, refusal: 'closed' };
    const done = how(row.draft);
    if (!done.ok) return done;
    await keep(tx, row, done.draft, now, permit.by);
    return { ok: true };
  });
}

/** What was in the form when it was made: the draft's number, and the fields. */
export type From = { version: number; base: Fields; again: boolean };

export type Saved =
  | { ok: true }
  | { ok: false; refusal: Refused }
  | { ok: false; faults: Record<string, FieldRefusal> }
  | {
      ok: false;
      conflicts: Conflict<Fields>[];
      unseen: Ticked['unseen'];
      merged: Fields;
      theirs: Fields;
      version: number;
    };

/**
 * Saves one part of a draft. Somebody else changed it in between: what only one of the two changed is kept from that one,
 * and what both changed otherwise is asked about, with what stands now, as is a tick beside words that changed. A part that is
 * gone is made again only when it is said so.
 */
export async function save(
  main: Main,
  id: string,
  part: Part,
  from: From,
  sent: Fields,
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<Saved> {
  return await main.transaction(async (tx) => {
    const row = await locked(tx, id);
    if (!row) return { ok: false, refusal: 'closed' };
    const theirs = part.fields(row.draft);
    if (theirs === null && !(part.comesBack && from.again)) return { ok: false, refusal: 'gone' };
    const mine = part.spelled?.(sent) ?? sent;
    let fields = mine;
    if (theirs && row.version !== from.version) {
      const both = joined(part, from.base, mine, theirs);
      if (both.conflicts.length + both.unseen.length > 0)
        return { ok: false, ...both, theirs, version: row.version };
      fields = both.merged;
    }
    const done = part.write(row.draft, fields, { by: permit.by, at: now });
    if (!done.ok) return done;
    await keep(tx, row, done.draft, now, permit.by);
    return { ok: true };
  });
}

function joined(part: Part, base: Fields, mine: Fields, theirs: Fields) {
  const { merged, conflicts } = merge(base, mine, theirs);
  if (!part.ticks) return { merged, conflicts, unseen: [] };
  const typed = conflicts.filter(({ field }) => !/^(read|nb)\./.test(field));
  return { ...part.ticks(base, mine, theirs, merged), conflicts: typed };
}

export type Finished =
  | { ok: true; id: string; version: number }
  | { ok: false; refusal: 'closed' | 'changed' | 'newer' | 'unchanged' | 'other-kind' }
  | { ok: false; faults: QuestionnaireFault[] };

/**
 * The draft becomes the next version of its questionnaire. seen: the draft's number, and the newest version (null: none) that
 * stood on the page where this was decided; where either is another now, it is to be looked at again.
 */
export async function finish(
  main: Main,
  id: string,
  seen: { version: number; newest: string | null },
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<Finished> {
  return await main.transaction(async (tx) => {
    const row = await locked(tx, id);
    if (!row) return { ok: false, refusal: 'closed' };
    if (row.version !== seen.version) return { ok: false, refusal: 'changed' };
    const newest = await questionnaires.latest(tx, row.key);
    if ((newest?.id ?? null) !== seen.newest) return { ok: false, refusal: 'newer' };
    const parsed = parse(row.draft.content);
    if (!parsed.ok) return parsed;
    const added = await questionnaires.add(tx, parsed.questionnaire, now, permit);
    if (!added.ok) return { ok: false, refusal: added.refusal };
    await close(tx, id, added.id, now, permit.by);
    return { ok: true, id: added.id, version: added.version };
  });
}

/** Throws a draft away. Its row stays, so that whoever is writing in it is told who did. */
export async function discard(
  main: Main,
  id: string,
  now: Date,
  permit: Permit<'questionnaire.change'>,
): Promise<{ ok: true } | { ok: false; refusal: 'closed' }> {
  return await main.transaction(async (tx) => {
    if (!(await locked(tx, id))) return { ok: false, refusal: 'closed' };
    await close(tx, id, null, now, permit.by);
    return { ok: true };
  });
}

const close = (tx: Main, id: string, becameId: string | null, now: Date, by: string | null) =>
  tx
    .update(questionnaireDraft)
    .set({ closedAt: now, closedBy: by, becameId })
    .where(eq(questionnaireDraft.id, id));
