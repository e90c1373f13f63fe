import { search } from '#domain/audit-search.ts';
import { tables } from '#domain/audit-tables.ts';
import { solver } from '#server/solver.ts';
import { broken } from '#tests/support/breakdowns.ts';
import { chance, questionnaire, released, tree, type Unit } from '#tests/support/survey.ts';

const roles = ['assistant', 'nurse', 'teacher', 'leader', 'other', 'not stated'];
const modes = ['alone', 'help', 'not stated'];

/** How long the auditor searches a release of 35 statements and 10 factors, broken down by role and by mode. */
export async function* auditing() {
  for (const [areas, enterprises] of [
    [8, 5],
    [20, 10],
  ] as const) {
    const next = chance(7);
    const under = (codes: number, make: (i: number) => Unit) =>
      Array.from({ length: codes }, (_, i) => make(i));
    const units = tree([
      {
        code: 'K',
        under: under(areas, (a) => ({
          code: `${a}`,
          under: under(enterprises, (e) => ({
            code: `${a}-${e}`,
            staff: true,
            under: under(8, (d) => ({ code: `${a}-${e}-${d}` })),
          })),
        })),
      },
    ]);
    const ballot = () => Array.from({ length: 35 }, () => (next(30) === 0 ? 255 : 1 + next(5)));
    const groups = units.nodes.filter(({ group }) => group);
    const ballots = Object.fromEntries(
      groups.map(({ name }) => [name, Array.from({ length: 3 + next(14) }, ballot)]),
    );
    const asked = questionnaire([4, 4, 4, 3, 3, 3, 3, 3, 3, 3], 2);
    const { release } = released(asked, units, ballots);
    const drawn = (of: string[], skew: number) => {
      const draw = chance(skew);
      const all = Object.fromEntries(
        groups.map(({ name }) => [
          name,
          ballots[name]!.map(() => of[Math.min(draw(of.length), draw(of.length))]!),
        ]),
      );
      return (group: string, i: number) => all[group]![i]!;
    };
    const breakdowns = [
      broken(release, ballots, roles, drawn(roles, 3), 1),
      broken(release, ballots, modes, drawn(modes, 5), 0, 'mode'),
    ];

    const from = performance.now();
    const highs = solver(600);
    const { leak, complete, problems } = await search(tables([{ ...release, breakdowns }]), highs);
    await highs.end();
    if (!complete) throw new Error('The search was not complete');
    const value = Number(((performance.now() - from) / 1000).toFixed(2));
    const broke = breakdowns.flatMap(({ results }) => Object.keys(results)).length;
    const found = leak ? `, which has a group of ${leak.n}` : '';
    yield {
      what: `seconds to audit ${groups.length} groups with breakdowns at ${broke} units, ${problems} problems for HiGHS${found}`,
      value,
    };
  }
}
