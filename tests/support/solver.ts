import loadHighs from 'highs';
import type { Solver } from '#domain/audit-search.ts';

const highs = await loadHighs();

/** HiGHS in this very thread, with all the time it wants. Keeps count of the problems that it was given. */
export function solver(): Solver & { problems: number } {
  const made = {
    problems: 0,
    goOn: async () => true,
    solve: async (problem: string) => {
      made.problems += 1;
      const { Status, Columns } = highs.solve(problem, { output_flag: false });
      if (Status === 'Infeasible') return 'infeasible' as const;
      if (Status !== 'Optimal') throw new Error(`${Status}:\n${problem}`);
      return Object.fromEntries(
        Object.entries(Columns).map(([name, column]) => [
          name,
          'Primal' in column ? (column.Primal ?? 0) : 0,
        ]),
      );
    },
  };
  return made;
}
