import { error } from '@sveltejs/kit';
import { eq } from 'drizzle-orm';
import { fingerprintPrint } from '#domain/keylist.ts';
import { db } from '#server/db.ts';
import { nodeName } from '#server/node-names.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import { release } from '#server/schema.ts';
import type { PageServerLoad } from './$types';

/** What anybody may know of a frozen round, and how to check that all got the same. */
export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('public');
  const { main } = db();
  const found = await rounds.find(main, params.round);
  if (!found?.fingerprint || !found.tree) error(404);
  const groups = found.tree.nodes.filter((n) => n.group);
  const [out] = await main
    .select({ content: release.content, sha256: release.sha256, withdrawnAt: release.withdrawnAt })
    .from(release)
    .where(eq(release.roundId, found.id));
  return {
    id: found.id,
    name: found.name,
    state: found.state,
    dryRun: found.dryRun,
    outsideBody: found.outsideBody,
    fingerprint: fingerprintPrint(found.fingerprint),
    groups: groups.map((n) => ({
      id: n.id,
      name: nodeName(n, found.tree!.nodes, locals.locale),
      invited: n.invited,
    })),
    invited: groups.reduce((sum, g) => sum + g.invited, 0),
    roll: await rolls.progress(main, found.id),
    counted: out && !out.withdrawnAt ? { ...out.content.ballots, sha256: out.sha256 } : null,
  };
};
