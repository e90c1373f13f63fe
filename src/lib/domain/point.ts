/** What a department does with a point: keep it as it is, or improve it (domain.md section 4). */
export const kinds = ['keep', 'improve'] as const;
export type Kind = (typeof kinds)[number];

/** Where a point comes from: a factor or statement of the release, a point of an earlier meeting, or the room's own words. */
export type Source = 'factor' | 'statement' | 'earlier' | 'own';

/** So many of each kind a meeting chooses; fewer only with a reason (design section 4, defaults). */
export const ofEach = 2;
