import { describe, expect, it } from 'vitest';
import { type Candidate, faults, mayFreeze, mayHave } from './holder.ts';

const outside: Candidate = { roles: [], leads: [], worksIn: [] };

describe('who outside holds a key', () => {
  it.each<[body: string, chosen: Candidate | null, found: object]>([
    ['Institutt', outside, {}],
    ['', outside, { body: 'body' }],
    ['x'.repeat(120), outside, {}],
    ['x'.repeat(121), outside, { body: 'body' }],
    ['Institutt', null, { person: 'person' }],
    ['Institutt', { ...outside, worksIn: ['A'] }, { person: 'employed' }],
    ['Institutt', { ...outside, leads: ['A'] }, { person: 'employed' }],
    ['Institutt', { ...outside, roles: [{ role: 'hr', unit: null }] }, { person: 'role' }],
    ['Institutt', { ...outside, roles: [{ role: 'committee', unit: 'H' }] }, { person: 'role' }],
    ['', { ...outside, leads: ['A'] }, { body: 'body', person: 'employed' }],
  ])('%j and %j: %j', (body, chosen, found) => expect(faults(body, chosen)).toEqual(found));

  const handedAt = new Date('2027-02-01T08:00:00Z');
  it.each<[of: Parameters<typeof mayFreeze>[0], by: string | null, may: boolean]>([
    [{ outsideBody: null, holder: null }, null, true],
    [{ outsideBody: null, holder: null }, 'operator', true],
    [{ outsideBody: 'I', holder: null }, 'operator', false],
    [{ outsideBody: 'I', holder: { personId: 'p', handedAt: null } }, 'p', false],
    [{ outsideBody: 'I', holder: { personId: 'p', handedAt } }, 'p', true],
    [{ outsideBody: 'I', holder: { personId: 'p', handedAt } }, 'operator', false],
    [{ outsideBody: 'I', holder: { personId: 'p', handedAt } }, null, false],
  ])('of %j, %j freezes: %s', (of, by, may) => expect(mayFreeze(of, by)).toBe(may));

  it('is for those who ask residents and relatives, without witnesses', () => {
    expect(mayHave('relative', 'operator')).toBe(true);
    expect(mayHave('resident', 'operator')).toBe(true);
    expect(mayHave('relative', 'witnesses')).toBe(false);
    expect(mayHave('employee', 'operator')).toBe(false);
  });
});
