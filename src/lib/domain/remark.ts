import type { Actor } from '#domain/access.ts';

/** As which representative somebody speaks for a unit: union before safety; null: as neither. path: unit codes from the top. */
export function speaksAs(actor: Actor, path: string[]): 'union' | 'safety' | null {
  const holds = (role: 'union' | 'safety') =>
    actor.roles.some((held) => held.role === role && (held.unit === null || path.includes(held.unit)));
  return holds('union') ? 'union' : holds('safety') ? 'safety' : null;
}
