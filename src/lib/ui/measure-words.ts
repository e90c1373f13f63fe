import type { Effect, Field, Status } from '#domain/measure.ts';
import { m } from '#messages';

export const statusWords: Record<Status, () => string> = {
  'not-started': m.measure_not_started,
  'in-progress': m.measure_in_progress,
  'on-hold': m.measure_on_hold,
  done: m.measure_done,
  dropped: m.measure_dropped,
};

export const effectWords: Record<Effect, () => string> = {
  yes: m.measure_effect_yes,
  partly: m.measure_effect_partly,
  no: m.measure_effect_no,
  'too-early': m.measure_effect_too_early,
};

type Owner = { name: string; here?: boolean; moved?: boolean };

/** Who answers for a measure, in words: the person, also when they are gone, the role, or both. */
export const ownerWords = (of: { owner: Owner | null; ownerRole: string | null }): string =>
  [of.owner && [of.owner.name, goneWords(of.owner)].filter(Boolean).join(' '), of.ownerRole]
    .filter(Boolean)
    .join(', ');

/** That whoever owned a measure is gone from its unit; null: they are there. */
export const goneWords = ({ here = true, moved = false }: Omit<Owner, 'name'>): string | null =>
  !here ? `(${m.measure_owner_left()})` : moved ? `(${m.measure_owner_moved()})` : null;

export const fieldWords: Record<Field, () => string> = {
  title: m.measure_title,
  expected: m.measure_expected,
  ownerId: m.measure_owner_person,
  ownerRole: m.measure_owner_role,
  startsOn: m.measure_starts,
  dueOn: m.measure_due,
};
