import { error } from '@sveltejs/kit';
import type { Subject } from '#domain/access.ts';
import * as actors from '#server/actors.ts';
import { db } from '#server/db.ts';
import * as measures from '#server/measures.ts';

/** A measure as the gate is asked for it; one that is not there is nobody's, and is not found. */
export async function open(id: string, now: Date) {
  const measure = await measures.find(db().main, id, now);
  const path = measure ? await actors.path(db().main, measure.unit.code) : [];
  const subject: Subject = { path, owner: measure?.owner?.id ?? null };
  return { measure, subject, found: () => measure ?? error(404) };
}
