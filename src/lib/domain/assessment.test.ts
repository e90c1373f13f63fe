import { expect, it } from 'vitest';
import { longest, read } from '#domain/assessment.ts';
import { own } from '#domain/questionnaires/own.ts';

const asked = own.find((one) => one.kind === 'leader')!;
const from = (marks: Record<string, string>, words = '') => read(asked, (id) => marks[id] ?? null, words);

it('keeps what is marked and written, and nothing else', () => {
  expect(from({ 'direction-1': '4', 'support-2': '', nothing: '3' }, ' Mer tid. ')).toEqual({
    ok: true,
    assessment: { answers: { 'direction-1': 4 }, words: 'Mer tid.' },
  });
});

it('refuses what is no note', () => {
  const rows: [Record<string, string>, string, string][] = [
    [{}, '  ', 'empty'],
    [{ 'direction-1': '6' }, '', 'value'],
    [{ 'direction-1': '4.0' }, '', 'value'],
    [{}, 'x'.repeat(longest + 1), 'long'],
  ];
  for (const [marks, words, refusal] of rows) expect(from(marks, words)).toEqual({ ok: false, refusal });
});
