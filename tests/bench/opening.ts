import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { eq } from 'drizzle-orm';
import * as Ballot from '#domain/ballot.ts';
import { utf8 } from '#domain/bytes.ts';
import { closingKeyPair, writeClosingKey } from '#domain/closing-key.ts';
import * as Keylists from '#domain/keylist.ts';
import { canonical } from '#domain/questionnaire.ts';
import type { TreeNode } from '#domain/round.ts';
import * as box from '#server/box.ts';
import { close } from '#server/closing.ts';
import { connectBox, connectMain } from '#server/db.ts';
import { round, roundFile } from '#server/schema.ts';
import type { ownClusters } from '#tests/support/databases.ts';
import { now } from '#tests/support/papers.ts';
import { approvedRound, permit, someAnswers } from '#tests/support/town.ts';

const units = 400;
const perUnit = 10;
const under = 20;
const sealedPlain = 64;

const four = (n: number) => String(n).padStart(4, '0');

/** A municipality, twenty enterprises, twenty departments in each of ten people. */
function tree(): TreeNode[] {
  const node = (id: number, parent: number | null, invited: number, group: boolean): TreeNode => ({
    id: four(id),
    parent: parent === null ? null : four(parent),
    part: 'whole',
    name: `Unit ${id}`,
    units: [`U${id}`],
    level: null,
    invited,
    group,
  });
  const inner = units / under;
  return [
    node(1, null, units * perUnit, false),
    ...Array.from({ length: inner }, (_, i) => node(2 + i, 1, under * perUnit, false)),
    ...Array.from({ length: units }, (_, i) => node(2 + inner + i, 2 + Math.floor(i / under), perUnit, true)),
  ];
}

/** How long one closing takes: opening every ballot, building and checking the release, and storing it. */
export async function* opening(clusters: Awaited<ReturnType<typeof ownClusters>>) {
  const { main, sql } = connectMain(clusters.main.url);
  const boxDb = connectBox(clusters.box.url);
  try {
    const { id: roundId, questionnaire } = await approvedRound(main, now);
    const nodes = tree();
    const key = await closingKeyPair(webcrypto as Crypto);
    const groups = nodes.filter((n) => n.group);
    const keylist = Keylists.canonicalBytes({
      format: 'medvirk-keylist/1',
      round: roundId,
      dryRun: false,
      promise: 'operator',
      files: {},
      thresholds: { factor: 5, statement: 10, invited: 7 },
      smallestGroup: perUnit,
      sealedPlain,
      locks: [[key.publicKey]],
      groups: groups.map(({ id, name, invited }) => ({ id, name, invited, key: '', file: '' })),
    });
    const fingerprint = await Keylists.fingerprint(keylist);
    const keyFile = await writeClosingKey(key, roundId, Keylists.fingerprintSigns(fingerprint));
    const files = { 'keylist.json': keylist, 'questionnaire.json': utf8(canonical(questionnaire)) };
    for (const [path, bytes] of Object.entries(files))
      await main
        .insert(roundFile)
        .values({ roundId, path, contentType: 'application/json', bytes, brotli: bytes });
    await main
      .update(round)
      .set({ state: 'stopped', tree: { nodes }, fingerprint })
      .where(eq(round.id, roundId));

    await box.make(boxDb, roundId, Ballot.sealedSize(1, sealedPlain));
    const ballots = groups.flatMap(({ id }, g) =>
      Array.from({ length: perUnit }, (_, i) => ({
        group_id: id,
        answers: someAnswers(questionnaire, g * 3 + i),
      })),
    );
    const rows = [];
    for (const { group_id, answers } of ballots) {
      const token_hash = createHash('sha256').update(randomBytes(32)).digest();
      const plain = Ballot.write(answers, [], sealedPlain);
      const binding = { fingerprint, group: group_id, tokenHash: token_hash };
      const fresh = await Ballot.fresh(webcrypto as Crypto);
      rows.push({
        group_id,
        token_hash,
        sealed: Buffer.from(await Ballot.seal(plain, [[key.publicKey]], binding, fresh)),
      });
    }
    for (let i = 0; i < rows.length; i += 1000)
      await boxDb`insert into ${boxDb(box.ballotsOf(roundId))} ${boxDb(rows.slice(i, i + 1000))}`;

    const from = performance.now();
    const closed = await close(main, boxDb, roundId, keyFile, now, permit());
    if (!closed.ok) throw new Error(closed.refusal);
    const value = Number(((performance.now() - from) / 1000).toFixed(2));
    yield { what: `seconds to open and release ${units} units with ${rows.length} ballots`, value };
  } finally {
    await Promise.all([sql.end(), boxDb.end()]);
  }
}
