/** What a cause does to a point: it promotes what the point is about, or hinders it (domain.md section 4, methods). */
export const kinds = ['promotes', 'hinders'] as const;
export type Kind = (typeof kinds)[number];
export const isKind = (text: unknown): text is Kind => kinds.includes(text as Kind);

/** "Why?" is asked again of a cause until a line is so many causes deep. */
export const mostDeep = 5;
/** Signs in a cause. */
export const mostSigns = 500;

/** A cause as it is kept. whyOfId: the cause it answers "why?" of. */
export type Cause = {
  id: string;
  kind: Kind;
  text: string;
  whyOfId: string | null;
  addedAt: Date;
  version: number;
};

/** A cause with what answers "why?" of it. depth: 1 for one that answers none. */
export type Branch = Cause & { depth: number; whys: Branch[] };

/** Causes as trees, in the order they were added. */
export function trees(causes: Cause[]): Branch[] {
  const under = Map.groupBy(causes, ({ whyOfId }) => whyOfId);
  const grow = (of: string | null, depth: number): Branch[] =>
    (under.get(of) ?? []).map((cause) => ({ ...cause, depth, whys: grow(cause.id, depth + 1) }));
  return grow(null, 1);
}

/** A cause and all that answers "why?" under it: what goes when it goes. Empty: there is no such cause. */
export function chain(causes: Cause[], id: string): Cause[] {
  const first = causes.find((cause) => cause.id === id);
  if (!first) return [];
  return [first, ...causes.filter(({ whyOfId }) => whyOfId === id).flatMap((why) => chain(causes, why.id))];
}

/** How many causes lie on the line from the first cause down to this one. 0: there is no such cause. */
export function depth(causes: Cause[], id: string | null): number {
  const cause = causes.find((one) => one.id === id);
  return cause ? 1 + depth(causes, cause.whyOfId) : 0;
}

/** No words, or more than 500 signs. */
export type TextRefusal = 'text' | 'long';
/** What is wrong with the words of a cause; null: nothing. Spaces at their ends do not count. */
export function fault(text: string): TextRefusal | null {
  if (!text.trim()) return 'text';
  return [...text.trim()].length > mostSigns ? 'long' : null;
}

/**
 * A new cause of a point, or the next answer to "why?" of one, which is of the same kind. Refuses words that do not
 * do, a cause that is gone, and a sixth "why?" in a line.
 */
export function add(
  causes: Cause[],
  said: { kind: Kind; text: string; whyOfId: string | null },
): { ok: true; kind: Kind; text: string } | { ok: false; refusal: TextRefusal | 'gone' | 'deep' } {
  const wrong = fault(said.text);
  if (wrong) return { ok: false, refusal: wrong };
  const text = said.text.trim();
  if (said.whyOfId === null) return { ok: true, kind: said.kind, text };
  const of = causes.find(({ id }) => id === said.whyOfId);
  if (!of) return { ok: false, refusal: 'gone' };
  if (depth(causes, of.id) >= mostDeep) return { ok: false, refusal: 'deep' };
  return { ok: true, kind: of.kind, text };
}

/** Whether the meeting agreed with this cause written: from then on it stands. Later ones can still be mended. */
export const isFixed = (cause: Pick<Cause, 'addedAt'>, agreedAt: Date | null): boolean =>
  agreedAt !== null && cause.addedAt <= agreedAt;
