import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Solver } from '#domain/audit-search.ts';

/** The thread's program, written out so that the build need not know of it. HiGHS holds up all else while it works. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = require(workerData)();
parentPort.on('message', async (problem) => {
  const highs = await ready;
  const { Status, Columns } = highs.solve(problem, { output_flag: false });
  const values = Object.fromEntries(Object.entries(Columns).map(([name, { Primal }]) => [name, Primal]));
  parentPort.postMessage(Status === 'Optimal' ? values : Status === 'Infeasible' ? 'infeasible' : null);
});
`;

type Answer = Awaited<ReturnType<Solver['solve']>>;

/**
 * HiGHS in a thread of its own, for so many seconds: then it is stopped in the middle of whatever it does. One problem
 * at a time. To be ended also when the time is not used.
 */
export function solver(seconds: number): Solver & { end: () => Promise<unknown> } {
  const { resolve } = createRequire(import.meta.url);
  const worker = new Worker(program, { eval: true, workerData: resolve('highs') });
  let answer: (given: Answer) => void = () => {};
  let isOver = seconds <= 0;
  const stop = () => {
    isOver = true;
    answer(null);
    return worker.terminate();
  };
  const limit = setTimeout(stop, seconds * 1000);
  worker.on('message', (given: Answer) => answer(given));
  // A solver that failed has not searched: what it leaves unknown is as unsafe as what there was no time for.
  worker.on('error', stop);
  return {
    solve: (problem) =>
      new Promise((resolve) => {
        answer = resolve;
        if (isOver) resolve(null);
        else worker.postMessage(problem);
      }),
    goOn: async () => {
      await turn();
      return !isOver;
    },
    end: () => {
      clearTimeout(limit);
      return stop();
    },
  };
}
