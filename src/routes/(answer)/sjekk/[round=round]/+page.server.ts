import { error } from '@sveltejs/kit';
import { eq } from 'drizzle-orm';
import { fingerprintPrint } from '#domain/keylist.ts';
import * as codes from '#server/codes.ts';
import { asksCrowd } from '#server/crowds.ts';
import { db } from '#server/db.ts';
import * as joiners from '#server/joiners.ts';
import { nodeName } from '#server/node-names.ts';
import * as rolls from '#server/rolls.ts';
import * as rounds from '#server/rounds.ts';
import { release } from '#server/schema.ts';
import * as witnessScript from '#server/witness-script.ts';
import * as witnesses from '#server/witnesses.ts';
import type { PageServerLoad } from './$types';

/** What anybody may know of a frozen round, and how to check that all got the same. */
export const load: PageServerLoad = async ({ locals, params }) => {
  locals.gate.ask('public');
  const { main } = db();
  const found = await rounds.find(main, params.round);
  if (!found?.fingerprint || !found.tree) error(404);
  const groups = found.tree.nodes.filter((n) => n.group);
  const joined = await joiners.counts(main, found.id);
  const [out] = await main
    .select({ content: release.content, sha256: release.sha256, withdrawnAt: release.withdrawnAt })
    .from(release)
    .where(eq(release.roundId, found.id));
  return {
    id: found.id,
    name: found.name,
    state: found.state,
    dryRun: found.dryRun,
    outside: found.outsideBody && { body: found.outsideBody, named: found.holderId !== null },
    fingerprint: fingerprintPrint(found.fingerprint),
    groups: groups.map((n) => ({
      id: n.id,
      name: nodeName(n, found.tree!.nodes, locals.locale),
      invited: n.invited,
      added: joined.get(n.id) ?? 0,
    })),
    added: [...joined.values()].reduce((sum, count) => sum + count, 0),
    invited: groups.reduce((sum, g) => sum + g.invited, 0),
    codes: await codes.numbers(main, found),
    // Of residents and relatives there are no names to read.
    roll: (await asksCrowd(main, found)) ? null : await rolls.progress(main, found.id),
    // Their offices and check words, not their names: this page is for anybody.
    witnesses: (await witnesses.list(main, found.id)).map(({ office, checkWord }) => ({ office, checkWord })),
    script: found.promise === 'witnesses' ? await witnessScript.sinceFreezing(main, found.id) : null,
    counted: out && !out.withdrawnAt ? { ...out.content.ballots, sha256: out.sha256 } : null,
  };
};
