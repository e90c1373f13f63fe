import type { Publishable } from '#domain/disclosure.ts';
import { type Text, text } from '#domain/questionnaire.ts';
import * as Reading from '#domain/reading.ts';
import * as Release from '#domain/release.ts';

/** What a department does with a point: keep it as it is, or improve it (domain.md section 4). */
export const kinds = ['keep', 'improve'] as const;
export type Kind = (typeof kinds)[number];

/** Where a point comes from: a factor or statement of the release, a point of an earlier meeting, or the room's own words. */
export type Source = 'factor' | 'statement' | 'earlier' | 'own';

/** So many of each kind a meeting chooses; fewer only with a reason (design section 4, defaults). */
export const ofEach = 2;

/** Signs in a point's words, and in the reason for fewer. */
export const mostTitle = 300;
export const mostReason = 500;

/**
 * Something a point can be made of. title: in the questionnaire's languages, or (earlier, own) as it was written.
 * within: the factor of a statement.
 */
export type Offer = { source: Source; ref: string; title: Text; within?: string };

/** How an offer stands in a form: "factor:meaning". What the room words for itself is "own" alone. */
export const keyOf = ({ source, ref }: Pick<Offer, 'source' | 'ref'>): string => `${source}:${ref}`;

const folded = (title: string) => title.trim().toLocaleLowerCase('nb');

/** Those offers that say, in any language, what none before them says and none of what is beside: a theme is met once. */
export function distinct<T extends Pick<Offer, 'title'>>(
  offers: T[],
  beside: Pick<Offer, 'title'>[] = [],
): T[] {
  const words = ({ title }: Pick<Offer, 'title'>) =>
    Object.values(title).flatMap((one) => (one ? [folded(one)] : []));
  const said = new Set(beside.flatMap(words));
  return offers.filter((offer) => {
    const isNew = !words(offer).some((one) => said.has(one));
    for (const one of words(offer)) said.add(one);
    return isNew;
  });
}

/** The four places of the form, in its order. */
export const slots = ['keep-1', 'keep-2', 'improve-1', 'improve-2'] as const;
export type Slot = (typeof slots)[number];
const kindOf = (slot: Slot): Kind => (slot.startsWith('keep') ? 'keep' : 'improve');

/** What is written in the form: a place's choice (a key, or empty) and its words (empty: those of the choice). */
export type Written = Record<Slot | `${Slot}-title` | 'reason', string>;

/** A point as it is to be kept. position: 0 or 1 within its kind. */
export type Chosen = { kind: Kind; source: Source; ref: string; title: string; position: number };

export type ChooseRefusal =
  /** The choice is not offered (any more); it stands in another place too; own words are wanted; over 300 signs. */
  | { refusal: 'unknown' | 'twice' | 'words' | 'long'; slot: Slot }
  /** No point at all; fewer than two of a kind without a reason; a reason over 500 signs. */
  | { refusal: 'none' | 'reason' | 'reason-long' };

/**
 * The points a department settles on: two to keep and two to improve, fewer of a kind only with a reason, which is
 * kept only then; the same theme never twice (design section 4, defaults). Words without a choice are own words. base:
 * what the form began from; words that were left there beside another choice are not that one's words.
 */
export function choose(
  offers: Offer[],
  written: Written,
  base: Written,
  language: string,
): { ok: true; points: Chosen[]; fewerReason: string | null } | { ok: false; refusals: ChooseRefusal[] } {
  const refusals: ChooseRefusal[] = [];
  const points: Chosen[] = [];
  const taken = new Set<string>();
  const known = new Map(offers.map((offer) => [keyOf(offer), offer]));
  for (const slot of slots) {
    const key = written[slot];
    const left = key !== 'own' && key !== base[slot] && written[`${slot}-title`] === base[`${slot}-title`];
    const words = left ? '' : written[`${slot}-title`].trim();
    if (!key && !words) continue;
    const offer = key && key !== 'own' ? known.get(key) : { source: 'own' as const, ref: words, title: null };
    if (!offer) {
      refusals.push({ refusal: 'unknown', slot });
      continue;
    }
    const title = words || (offer.title ? text(offer.title, language) : '');
    const same = [keyOf(offer), `title ${title.toLocaleLowerCase('nb')}`];
    if (!title) refusals.push({ refusal: 'words', slot });
    else if ([...title].length > mostTitle) refusals.push({ refusal: 'long', slot });
    else if (same.some((one) => taken.has(one))) refusals.push({ refusal: 'twice', slot });
    for (const one of same) taken.add(one);
    const kind = kindOf(slot);
    const position = points.filter((point) => point.kind === kind).length;
    points.push({ kind, source: offer.source, ref: offer.ref, title, position });
  }
  const reason = written.reason.trim();
  if (refusals.length > 0) return { ok: false, refusals };
  if (points.length === 0) return { ok: false, refusals: [{ refusal: 'none' }] };
  if (!isFewer(points)) return { ok: true, points, fewerReason: null };
  if (!reason) return { ok: false, refusals: [{ refusal: 'reason' }] };
  if ([...reason].length > mostReason) return { ok: false, refusals: [{ refusal: 'reason-long' }] };
  return { ok: true, points, fewerReason: reason };
}

/** Whether there are fewer than two of a kind. */
const isFewer = (points: { kind: Kind }[]): boolean =>
  kinds.some((kind) => points.filter((point) => point.kind === kind).length < ofEach);

/** The points to improve of which nobody has written why it is so: they are asked for it, never stopped (domain.md section 4). */
export const unexplained = <T extends { kind: Kind; causes: unknown[] }>(points: T[]): T[] =>
  points.filter(({ kind, causes }) => kind === 'improve' && causes.length === 0);

/** Points as they stand in the form. */
export function written(points: Chosen[], fewerReason: string | null): Written {
  const at = (slot: Slot) =>
    points.find((point) => point.kind === kindOf(slot) && slot.endsWith(`-${point.position + 1}`));
  const fields = slots.flatMap((slot) => {
    const point = at(slot);
    return [
      [slot, point ? keyOf(point) : ''],
      [`${slot}-title`, point?.title ?? ''],
    ];
  });
  return { ...(Object.fromEntries(fields) as Written), reason: fewerReason ?? '' };
}

/**
 * What of its result a unit can make points of: the factors and statements shown to it, or the factors of the nearest
 * level above that shows a result where its own is withheld (design section 4). Empty: it has no figures to go by.
 */
export function offered(release: Publishable<Release.Release>, unit: string): Offer[] {
  const found = Reading.ofUnit(release, unit);
  if (!found?.node) return [];
  const { node, lent } = found;
  const factors = release.factors.filter(({ id }) => Release.factor(release, node.id, id) !== null);
  const statements = lent
    ? []
    : release.statements.filter(({ id }) => Release.statement(release, node.id, id) !== null);
  return [
    ...factors.map(({ id, title }) => ({ source: 'factor' as const, ref: id, title })),
    ...statements.map(({ id, text: title, factor }) => ({
      ...{ source: 'statement' as const, ref: id, title },
      ...(factor !== null && { within: factor }),
    })),
  ];
}

export type AgreeRefusal =
  /**
   * It is agreed already; the results have not been presented; a vote is running, and nobody has seen it; no points;
   * fewer than two of a kind without a reason; nobody has counted who took part.
   */
  | { refusal: 'agreed' | 'not-presented' | 'voting' | 'none' | 'reason' | 'not-counted' }
  /** Some points have no measure yet: which. */
  | { refusal: 'measures'; titles: string[] };

/**
 * Whether a meeting may agree on its points: the results have been in front of everybody, there are two and two (or a
 * reason for fewer), every point has a measure, and who took part is counted (domain.md section 4, steps 3 and 4).
 */
export function agree(
  meeting: {
    agreedAt: Date | null;
    stage: string;
    presented: boolean;
    fewerReason: string | null;
    counted: boolean;
  },
  points: { kind: Kind; title: string; measures: number }[],
): { ok: true } | ({ ok: false } & AgreeRefusal) {
  if (meeting.agreedAt) return { ok: false, refusal: 'agreed' };
  if (!meeting.presented) return { ok: false, refusal: 'not-presented' };
  if (meeting.stage === 'voting') return { ok: false, refusal: 'voting' };
  if (points.length === 0) return { ok: false, refusal: 'none' };
  if (isFewer(points) && !meeting.fewerReason) return { ok: false, refusal: 'reason' };
  const without = points.filter(({ measures }) => measures === 0);
  if (without.length > 0)
    return { ok: false, refusal: 'measures', titles: without.map(({ title }) => title) };
  if (!meeting.counted) return { ok: false, refusal: 'not-counted' };
  return { ok: true };
}
