import { expect, it } from 'vitest';
import { parse } from '#domain/questionnaire-faults.ts';
import { own } from '#domain/questionnaires/own.ts';
import { doings } from '#server/demo/doings.ts';
import { ofRelatives, ofResidents } from '#server/demo/home-doings.ts';
import { schooling } from '#server/demo/schooling.ts';
import { workday } from '#server/demo/workday.ts';

it('is a questionnaire, with every text in Polish too', () => {
  expect(parse(workday)).toMatchObject({ ok: true, questionnaire: { languages: ['nb', 'nn', 'en', 'pl'] } });
});

it('is nowhere of health and care where schools are asked', () => {
  expect(parse(schooling)).toEqual({ ok: true, questionnaire: schooling });
  expect(JSON.stringify(schooling)).not.toMatch(/helse|omsorg|health/i);
});

const factorsOf = (key: string) => own.find((one) => one.key === key)!.factors.map(({ id }) => id);

it.each([
  ['workday', workday.factors.map(({ id }) => id), doings],
  ['resident', factorsOf('resident'), ofResidents],
  ['relative', factorsOf('relative'), ofRelatives],
] as const)('%s: units have something to say of every factor', (_, factors, said) => {
  expect(factors.length).toBeGreaterThanOrEqual(4);
  for (const id of factors) {
    const { promotes, hinders, keep, improve } = said[id]!;
    for (const list of [promotes, hinders, keep, improve]) expect([id, list.length > 0]).toEqual([id, true]);
  }
});
