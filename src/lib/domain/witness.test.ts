import { describe, expect, it } from 'vitest';
import * as Witness from '#domain/witness.ts';

const who = (personId: string, ...roles: Witness.Candidate['roles']): Witness.Candidate => ({
  personId,
  roles,
  forAll: roles,
  hasSignIn: true,
});
const three = { dpo: who('d', 'dpo'), union: who('u', 'union'), safety: who('s', 'safety') };
const both = who('x', 'union', 'safety');

describe('three witnesses', () => {
  it.each<[string, Parameters<typeof Witness.faults>[0], ReturnType<typeof Witness.faults>]>([
    ['hold their offices', three, {}],
    ['are three', { ...three, safety: null }, { safety: 'missing' }],
    ['are different people', { ...three, union: both, safety: both }, { union: 'same', safety: 'same' }],
    ['plan nothing', { ...three, dpo: who('d', 'dpo', 'hr') }, { dpo: 'keeper' }],
    ['operate nothing', { ...three, union: who('u', 'union', 'operator') }, { union: 'keeper' }],
    ['are chosen for what they are', { ...three, dpo: who('u2', 'union') }, { dpo: 'office' }],
    ['speak for all', { ...three, union: { ...three.union, forAll: [] } }, { union: 'part' }],
    ['can sign in', { ...three, dpo: { ...three.dpo, hasSignIn: false } }, { dpo: 'sign-in' }],
  ])('%s', (_, chosen, faults) => expect(Witness.faults(chosen)).toEqual(faults));
});

const made = { point: 'p', lostAt: null };
const lost = { point: 'p', lostAt: new Date(0) };
const none = { point: null, lostAt: null };

it.each([
  [[made, made, made], true, true],
  [[made, made, none], false, true],
  [[made, made, lost], true, true],
  [[made, lost, lost], true, false],
  [[made, made], false, true],
  [[], false, false],
])('keys %#: ready %s, can open %s', (keys, ready, opens) => {
  expect([Witness.isReady(keys), Witness.canOpen(keys)]).toEqual([ready, opens]);
});
