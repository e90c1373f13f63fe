import fs from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as backupFile from '#server/backup-file.ts';
import { ballotsOf, submit } from '#server/box.ts';
import { issue } from '#server/issuing.ts';
import { planBox, restoreBox } from '#server/restoring-box.ts';
import type { Urls } from '#server/restoring.ts';
import { type Copying, copying } from '#tests/support/copies.ts';
import type { TestDatabases } from '#tests/support/databases.ts';
import { now, openRound, type Papers } from '#tests/support/papers.ts';

let copies: Copying;
let t: TestDatabases;
let there: TestDatabases;
let papers: Papers;
beforeAll(async () => {
  copies = await copying();
  ({ t, there } = copies);
  // Each round has a part of its own in the copy.
  const other = await openRound(t, { groups: 1, each: 5 });
  papers = await openRound(t, { groups: 2, each: 6 });
  for (const { roundId, publicKey, held } of [other, papers])
    for (const { secret, blinded, ballot, tokenHash } of held) {
      await issue(t.main, roundId, secret, blinded, now);
      await submit(t.intake, roundId, ballot, tokenHash, publicKey);
    }
});
afterAll(() => copies.stop());

const boxLost = (): Urls => ({ main: t.mainUrl, box: there.boxUrl });
const ballots = async (url: string) => {
  const all = postgres(url, { max: 1 });
  const rows = await all.unsafe(`select t::text as row from ${ballotsOf(papers.roundId)} t order by 1`);
  const [{ intake } = { intake: null }] = await all`select intake from round where id = ${papers.roundId}`;
  await all.end();
  return { rows: rows.map((r) => r.row as string), intake };
};

it('a box that was lost comes back with every sealed ballot, twice too, and takes more', async () => {
  await copies.backup();
  const before = await ballots(t.boxUrl);
  expect(before).toMatchObject({ intake: true, rows: { length: 12 } });
  for (let times = 0; times < 2; times++) {
    const planned = await planBox(copies.boxCopy, boxLost());
    if (!planned.ok) throw new Error(planned.refusal);
    await restoreBox(copies.boxCopy, planned.plan, boxLost());
    expect(await ballots(there.boxUrl)).toEqual(before);
  }
  const [again] = papers.held;
  expect(
    await submit(there.intake, papers.roundId, again!.ballot, again!.tokenHash, papers.publicKey),
  ).toEqual({
    ok: true,
  });
});

it('the box has one copy: the one before opens no more', async () => {
  const kept = path.join(copies.folder, 'stray');
  fs.copyFileSync(copies.boxCopy, kept);
  await copies.backup();
  expect(await planBox(kept, boxLost())).toEqual({ ok: false, refusal: 'nothing-left' });
  expect(await planBox(copies.boxCopy, boxLost())).toMatchObject({ ok: true });
  fs.rmSync(kept);
});

it('a copy of the box is refused damaged', async () => {
  const bytes = fs.readFileSync(copies.boxCopy);
  const bad = path.join(copies.folder, 'bad');
  fs.writeFileSync(bad, bytes.subarray(0, -1));
  await expect(planBox(bad, boxLost())).rejects.toThrow(backupFile.Damaged);
  bytes[bytes.length - 20]! ^= 1;
  fs.writeFileSync(bad, bytes);
  await expect(planBox(bad, boxLost())).rejects.toThrow(backupFile.Damaged);
});
