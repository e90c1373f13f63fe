import type { Office } from '#domain/witness.ts';
import { m } from '#messages';

/** An office as people call it. */
export const officeWords: Record<Office, () => string> = {
  dpo: m.witness_office_dpo,
  union: m.witness_office_union,
  safety: m.witness_office_safety,
};
