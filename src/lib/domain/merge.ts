/** Fields of one record as they stand in a form. */
export type Fields = Record<string, string>;

/** A field that two people changed to different things. */
export type Conflict<F extends Fields> = { field: keyof F & string; mine: string; theirs: string };

/**
 * Two people changed the same record: base is what I began from, theirs what is kept now. What only one of us changed
 * is kept from that one; where both wrote the same there is nothing to settle. A field that both changed otherwise is a
 * conflict, and stands in `merged` as mine, for I am the one who is asked.
 */
export function merge<F extends Fields>(
  base: F,
  mine: F,
  theirs: F,
): { merged: F; conflicts: Conflict<F>[] } {
  const merged = { ...theirs };
  const conflicts: Conflict<F>[] = [];
  for (const [field, own] of Object.entries(mine) as [keyof F & string, F[keyof F & string]][]) {
    if (own === base[field]) continue;
    const other = theirs[field];
    merged[field] = own;
    if (other !== undefined && other !== base[field] && other !== own)
      conflicts.push({ field, mine: own, theirs: other });
  }
  return { merged, conflicts };
}

/** What stood in a form when it was made, of its hidden field. What is no such thing is nothing, so that every change is asked about. */
export function baseIn(written: string): Fields {
  try {
    const base: unknown = JSON.parse(written);
    return Object.fromEntries(Object.entries(base ?? {}).map(([name, value]) => [name, String(value)]));
  } catch {
    return {};
  }
}
