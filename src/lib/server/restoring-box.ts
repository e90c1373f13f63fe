import { type State, underWay } from '#domain/round.ts';
import * as backupFile from '#server/backup-file.ts';
import { keysOf } from '#server/backups.ts';
import { ballotsOf } from '#server/box.ts';
import { type Box, connectBox, connectMain, type Main } from '#server/db.ts';
import type { Urls } from '#server/restoring.ts';
import { find } from '#server/rounds.ts';
import { shakeBallots } from '#server/shaker.ts';
import * as tableRows from '#server/table-rows.ts';

export type BoxPlan = {
  header: backupFile.Header;
  /** Rounds whose ballots are put back. */
  back: { id: string; name: string; open: boolean }[];
  /** Rounds that were counted or withdrawn since: their part of the copy opens no more. */
  over: string[];
};
export type BoxRefusal =
  | 'damaged'
  /** No round in it that still waits for its count, or main has newer keys: a later copy was taken. */
  | 'nothing-left';

/** Reads a copy of the box to its end and says what restoring it would do. Changes nothing. */
export async function planBox(
  file: string,
  urls: Urls,
): Promise<{ ok: true; plan: BoxPlan } | { ok: false; refusal: BoxRefusal }> {
  const copy = await backupFile.open(file);
  if (!copy) return { ok: false, refusal: 'damaged' };
  const { main, sql } = connectMain(urls.main, 1);
  const box = connectBox(urls.box);
  try {
    const { header } = copy;
    const plan: BoxPlan = { header, back: [], over: [] };
    const keys = await keysOf(main, header.key);
    for (const { id, name } of header.rounds) {
      const state = await waitsIn(main, box, id);
      const key = (state && keys.get(id)) ?? null;
      await tableRows.readThrough(tableRows.reading(copy.section(id, key)));
      if (key) plan.back.push({ id, name, open: state === 'open' });
      else plan.over.push(name);
    }
    await copy.end();
    return plan.back.length > 0 ? { ok: true, plan } : { ok: false, refusal: 'nothing-left' };
  } finally {
    await Promise.all([copy.close(), sql.end(), box.end()]);
  }
}

/** The state of a round that is neither counted nor withdrawn, as both say; null: it is. */
const waitsIn = async (main: Main, box: Box, id: string): Promise<State | null> => {
  const found = await find(main, id);
  const decided = await box`select from release where round_id = ${id}`;
  return found !== null && underWay.includes(found.state) && decided.length === 0 ? found.state : null;
};

/** Puts the sealed ballots of a copy back beside those that are there, in one transaction. */
export async function restoreBox(file: string, plan: BoxPlan, urls: Urls): Promise<void> {
  const copy = await backupFile.open(file);
  if (!copy) throw new backupFile.Damaged();
  const { main, sql } = connectMain(urls.main, 1);
  const box = connectBox(urls.box);
  try {
    const keys = await keysOf(main, plan.header.key);
    await box.begin(async (tx) => {
      for (const { id } of plan.header.rounds) {
        const wanted = plan.back.find((r) => r.id === id);
        const content = tableRows.reading(copy.section(id, (wanted && keys.get(id)) ?? null));
        const line = await content.line();
        if (!wanted || line === null) continue;
        const { sealedSize, ...table } = JSON.parse(line) as tableRows.Table & { sealedSize: number };
        const name = ballotsOf(id);
        const [found] = await tx`select to_regclass(${name}) is not null as there`;
        if (!found!.there) await tx`select make_ballots(${id}, ${sealedSize})`;
        await tx`create temp table back (group_id text, token_hash bytea, sealed bytea) on commit drop`;
        await tableRows.into(tx, { ...table, table: 'back' }, content);
        if ((await content.line()) !== null) throw new backupFile.Damaged();
        await tx`
          insert into ${tx(name)} select group_id, token_hash, sealed from back order by gen_random_uuid()
          on conflict do nothing`;
        await tx`drop table back`;
        await tx`update round set intake = ${wanted.open} where id = ${id}`;
      }
    });
    await shakeBallots(box);
  } finally {
    await Promise.all([copy.close(), sql.end(), box.end()]);
  }
}
