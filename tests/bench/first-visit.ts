import { eq } from 'drizzle-orm';
import { base64url } from '#domain/bytes.ts';
import { resultsBy } from '#domain/round.ts';
import { statements } from '#domain/questionnaire.ts';
import { connectBox, connectMain } from '#server/db.ts';
import { freeze } from '#server/freezing.ts';
import { roundFile } from '#server/schema.ts';
import type { ownClusters } from '#tests/support/databases.ts';
import { now } from '#tests/support/papers.ts';
import { approvedRound, invitationsOf, permit, town } from '#tests/support/town.ts';

const departments = 66;

/** What a phone takes in before it can begin, packed as it is sent; without HTTP's own headers. */
export async function* firstVisit(clusters: Awaited<ReturnType<typeof ownClusters>>) {
  const { main, sql } = connectMain(clusters.main.url);
  const box = connectBox(clusters.box.url);
  try {
    await sql`truncate house, person, unit cascade`;
    await town(main, Object.fromEntries(Array.from({ length: departments }, (_, i) => [`D${i}`, 8])));
    const { id, questionnaire } = await approvedRound(main, now);
    const frozen = await freeze(main, box, id, now, permit());
    if (!frozen.ok) throw new Error(frozen.refusal);
    const [one] = await invitationsOf(main, id);
    const files = await main.select().from(roundFile).where(eq(roundFile.roundId, id));
    const wanted = [
      'nb/',
      'answer.js',
      'answer.css',
      'keylist.json',
      `key/${one!.groupId}`,
      `nb/group/${one!.groupId}`,
    ];
    const bytes = Object.fromEntries(
      wanted.map((path) => [path, files.find((f) => f.path === path)!.brotli.length]),
    );
    const reply = {
      group: one!.groupId,
      draftKey: base64url(one!.draftKey),
      state: 'ready',
      phase: 'open',
      opens: now,
      stops: now,
      results: resultsBy(now),
    };
    bytes.invitation = JSON.stringify(reply).length;
    yield {
      what: 'bytes of the first visit to an answering page',
      value: Object.values(bytes).reduce((sum, n) => sum + n, 0),
      budget: 30_000,
      statements: statements(questionnaire).length,
      groups: files.filter((f) => f.path.startsWith('key/')).length,
      bytes,
    };
  } finally {
    await Promise.all([sql.end(), box.end()]);
  }
}
