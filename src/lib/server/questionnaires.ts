import { desc, eq } from 'drizzle-orm';
import { parse, type QuestionnaireFault } from '#domain/questionnaire-faults.ts';
import { canonical, type Questionnaire, type QuestionnaireKind } from '#domain/questionnaire.ts';
import { own } from '#domain/questionnaires/own.ts';
import { isUuid } from '#domain/uuid.ts';
import type { Main } from '#server/db.ts';
import type { Permit } from '#server/gate.ts';
import { questionnaire } from '#server/schema.ts';

export type QuestionnaireRow = typeof questionnaire.$inferSelect;

/** Bytes of a questionnaire file. The largest of ours is a tenth of it. */
export const LARGEST_FILE = 256 * 1024;

export type FileRefusal =
  { refusal: 'size' | 'encoding' | 'json' } | { refusal: 'faults'; faults: QuestionnaireFault[] };

/** Every reason why a file does not become a version. */
export type Refusal = FileRefusal['refusal'] | (Added & { ok: false })['refusal'];

/** Reads a questionnaire file: UTF-8, with or without byte order mark. */
export function read(
  bytes: Uint8Array,
): { ok: true; questionnaire: Questionnaire } | ({ ok: false } & FileRefusal) {
  if (bytes.length > LARGEST_FILE) return { ok: false, refusal: 'size' };
  let words: string;
  try {
    words = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, refusal: 'encoding' };
  }
  let json: unknown;
  try {
    json = JSON.parse(words);
  } catch {
    return { ok: false, refusal: 'json' };
  }
  const parsed = parse(json);
  return parsed.ok ? parsed : { ok: false, refusal: 'faults', faults: parsed.faults };
}

/** The newest version of each questionnaire: ours first, in the order of domain.md section 3, then by key. */
export async function listLatest(main: Main): Promise<QuestionnaireRow[]> {
  const found = await main
    .selectDistinctOn([questionnaire.key])
    .from(questionnaire)
    .orderBy(questionnaire.key, desc(questionnaire.version));
  const rank = (key: string) => own.findIndex((one) => one.key === key) + 1 || own.length + 1;
  return found.sort((a, b) => rank(a.key) - rank(b.key));
}

/** Whom a version is for and what it is about; null: there is no such version. */
export async function kindOf(main: Main, id: string): Promise<QuestionnaireKind | null> {
  const [asked] = await main
    .select({ kind: questionnaire.kind })
    .from(questionnaire)
    .where(eq(questionnaire.id, id));
  return (asked?.kind as QuestionnaireKind | undefined) ?? null;
}

export async function latest(main: Main, key: string): Promise<QuestionnaireRow | null> {
  return (await listVersions(main, key))[0] ?? null;
}

/** Every version of one questionnaire, newest first. */
export async function listVersions(main: Main, key: string): Promise<QuestionnaireRow[]> {
  return await main
    .select()
    .from(questionnaire)
    .where(eq(questionnaire.key, key))
    .orderBy(desc(questionnaire.version));
}

export async function byId(main: Main, id: string): Promise<QuestionnaireRow | null> {
  if (!isUuid(id)) return null;
  const [found] = await main.select().from(questionnaire).where(eq(questionnaire.id, id));
  return found ?? null;
}

export type Added =
  { ok: true; id: string; version: number } | { ok: false; refusal: 'unchanged' | 'other-kind'; id: string };

/**
 * Adds a questionnaire as the next version of its key. Nothing is ever changed or deleted, so a round keeps what it
 * asked. Two at once: the unique index gives the number to one, and the other tries the next.
 */
export async function add(
  main: Main,
  content: Questionnaire,
  now: Date,
  _permit: Permit<'questionnaire.change'>,
): Promise<Added> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const newest = await latest(main, content.key);
    if (newest && newest.kind !== content.kind) return { ok: false, refusal: 'other-kind', id: newest.id };
    const version = (newest?.version ?? 0) + 1;
    if (newest && canonical({ ...newest.content, version }) === canonical({ ...content, version }))
      return { ok: false, refusal: 'unchanged', id: newest.id };
    const id = await insert(main, { ...content, version }, now);
    if (id !== null) return { ok: true, id, version };
  }
  throw new Error(`no version number came free for the questionnaire ${content.key}`);
}

/** Puts the questionnaires that Medvirk ships into a new database. What the house already has stays as it is. */
export async function shipOwn(main: Main, now: Date): Promise<void> {
  for (const content of own) await insert(main, { ...content, version: 1 }, now);
}

/** The id of the new row, or null where the version is already taken. */
async function insert(main: Main, content: Questionnaire, now: Date): Promise<string | null> {
  const { key, version, kind } = content;
  const [row] = await main
    .insert(questionnaire)
    .values({ key, version, kind, content, addedAt: now })
    .onConflictDoNothing()
    .returning({ id: questionnaire.id });
  return row?.id ?? null;
}
