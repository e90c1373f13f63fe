import { type Actor, hasFor, type Role } from '#domain/access.ts';

/** Signs in a remark. */
export const mostSigns = 2000;

/** As what remarks are made, in the order in which one is named who is several: beside a unit's work, and on a draft. */
export const representatives = ['union', 'safety'] as const;
export const commentators = [...representatives, 'committee'] as const;

/** The first of these roles that somebody speaks as for one of these units (codes); null: as none of them. */
export const speaksAs = <R extends Role>(actor: Actor, units: string[], among: readonly R[]): R | null =>
  among.find((role) => hasFor(actor, units, role)) ?? null;
