import type { Role } from '#domain/access.ts';
import { m } from '#messages';

export const roleWords: Record<Role, () => string> = {
  hr: m.person_role_hr,
  operator: m.person_role_operator,
  union: m.person_role_union,
  safety: m.person_role_safety,
  quality: m.person_role_quality,
  dpo: m.person_role_dpo,
  committee: m.person_role_committee,
};

/** A role and what it is for: "Tillitsvalgt, Solbakken sykehjem". unit null: the whole municipality. */
export const roleFor = (role: Role, unit: string | null): string =>
  m.person_role_in({ role: roleWords[role](), unit: unit ?? m.person_whole() });
