import { error } from '@sveltejs/kit';
import { eq } from 'drizzle-orm';
import { db } from '#server/db.ts';
import { release } from '#server/schema.ts';
import type { RequestHandler } from './$types';

/** One list of receipts for the whole round, after close: everybody can find their own, nobody anybody else's. */
export const GET: RequestHandler = async ({ params, locals }) => {
  locals.gate.ask('public');
  const [found] = await db()
    .main.select({ receipts: release.receipts })
    .from(release)
    .where(eq(release.roundId, params.round));
  if (!found) error(404);
  return new Response(found.receipts, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
