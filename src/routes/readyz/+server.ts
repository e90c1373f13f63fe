import { sql } from 'drizzle-orm';
import { db } from '#server/db.ts';
import * as jobs from '#server/jobs.ts';
import type { RequestHandler } from './$types';

/** Ready when both databases answer and the clock's jobs run. */
export const GET: RequestHandler = async ({ locals }) => {
  locals.gate.ask('public');
  const { main, box } = db();
  const answers = await Promise.allSettled([main.execute(sql`select 1`), box`select 1`]);
  const faults = ['main', 'box'].filter((_, i) => answers[i]!.status === 'rejected');
  if (!jobs.running()) faults.push('jobs');
  return faults.length === 0
    ? new Response('ready')
    : new Response(`not ready: ${faults.join(', ')}`, { status: 503 });
};
