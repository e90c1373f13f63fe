import { expect, test } from 'vitest';
import type { Role } from '#domain/access.ts';
import { commentators, representatives, speaksAs } from '#domain/remark.ts';

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
  expect(speaksAs(actor, ['K', 'H', 'A'], representatives)).toBe(as);
});

test.each([
  ['union', held(['union', null]), 'union'],
  ['union of the unit', held(['union', 'A']), 'union'],
  ['union elsewhere', held(['union', 'ELSEWHERE']), null],
  ['safety', held(['safety', 'H']), 'safety'],
  ['committee and safety', held(['committee', 'H'], ['safety', 'A']), 'safety'],
  ['committee', held(['committee', 'H']), 'committee'],
  ['HR', held(['hr', null]), null],
] as const)('%s on a draft', (_, actor, as) => {
  expect(speaksAs({ ...actor, leads: ['A'], worksIn: ['A'] }, ['K', 'H', 'A'], commentators)).toBe(as);
});
