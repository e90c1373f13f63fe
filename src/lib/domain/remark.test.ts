import { expect, test } from 'vitest';
import type { Role } from './access.ts';
import { speaksAs } from './remark.ts';

const held = (...roles: [Role, string | null][]) => ({
  personId: 'p',
  name: 'Kari',
  roles: roles.map(([role, unit]) => ({ role, unit })),
  leads: [],
  worksIn: [],
});

test.each([
  ['of the unit', held(['safety', 'A']), 'safety'],
  ['of the unit above', held(['union', 'H']), 'union'],
  ['of the whole', held(['union', null]), 'union'],
  ['of another unit', held(['union', 'B']), null],
  ['both', held(['safety', 'A'], ['union', 'H']), 'union'],
  ['neither', held(['hr', null]), null],
] as const)('a representative %s', (_, actor, as) => {
  expect(speaksAs(actor, ['K', 'H', 'A'])).toBe(as);
});
