import { describe, expect, test } from 'vitest';
import * as Release from '#domain/release.ts';
import { audited, isClean, judge } from '#server/auditing.ts';
import { everything, showing } from '#tests/support/planted.ts';
import { type Ballots, chance, questionnaire, released, tree } from '#tests/support/survey.ts';

const next = chance(3);
const some = (n: number) => Array.from({ length: n }, () => [0, 1, 2].map(() => 1 + next(5)));
const units = tree([{ code: 'K', under: [{ code: 'Heia' }, { code: 'Lia' }] }]);
const of = (sizes: Record<string, number>): Ballots =>
  Object.fromEntries(Object.entries(sizes).map(([name, n]) => [name, some(n)]));

describe('the auditor of a file', () => {
  test('finds nothing in what the program makes', async () => {
    const bytes = Release.serialize(
      released(questionnaire([2], 1), units, of({ Heia: 20, Lia: 14 })).release,
    );
    const judgement = await judge(bytes);
    expect(judgement).toMatchObject({ findings: [], searched: { leak: null, complete: true, figures: 5 } });
    expect(isClean(judgement)).toBe(true);
    expect(await audited(bytes)).toEqual({ ok: true, bytes, dropped: false });
  });

  test('says how the smallest group is worked out, and lets nothing be published', async () => {
    const ballots = of({ Heia: 20, Lia: 2 });
    const { release } = released(questionnaire([2], 1), units, ballots);
    const bytes = JSON.stringify(showing(release, ballots, ['K', 'Heia']));
    const { findings, searched } = await judge(bytes);
    expect(findings).not.toEqual([]);
    expect(searched?.leak).toMatchObject({
      n: 2,
      sum: [
        { cell: { name: 'K' }, times: 1 },
        { cell: { name: 'Heia' }, times: -1 },
      ],
    });
    expect(await audited(bytes)).toEqual({ ok: false });
  });

  test('has nothing to search in what is no release', async () => {
    expect(await judge('{}')).toMatchObject({ searched: null });
    expect(await judge('nonsense')).toMatchObject({ searched: null });
    expect(await audited('{}')).toEqual({ ok: false });
  });

  test('out of time it lets the tree be published, which the residual rule proves', async () => {
    const bytes = Release.serialize(
      released(questionnaire([2], 1), units, of({ Heia: 20, Lia: 14 })).release,
    );
    expect(await judge(bytes, 0)).toMatchObject({ findings: [], searched: { complete: false } });
    expect(await audited(bytes, 0)).toEqual({ ok: true, bytes, dropped: false });
  });

  test('and leaves the breakdowns out', async () => {
    const ballots = of({ Heia: 20, Lia: 14 });
    const { release, id } = released(questionnaire([2], 1), units, ballots);
    const all = [...ballots.Heia!, ...ballots.Lia!];
    const part = (from: number, to: number) => ({
      ...everything(release, all.slice(from, to)),
      statements: {},
    });
    const breakdown: Release.Breakdown = {
      id: 'role',
      kind: 'role',
      text: { nb: 'Rolle' },
      categories: ['nurse', 'none'].map((id) => ({ id, text: { nb: id } })),
      results: { [id('K')]: { nurse: part(0, 15), none: part(15, 34) } },
    };
    const whole = Release.serialize({ ...release, breakdowns: [breakdown] });
    expect(await audited(whole)).toEqual({ ok: true, bytes: whole, dropped: false });
    expect(await audited(whole, 0)).toEqual({ ok: true, bytes: Release.serialize(release), dropped: true });
  });
});
