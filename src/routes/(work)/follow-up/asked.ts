import * as FollowUp from '#domain/follow-up.ts';
import { db } from '#server/db.ts';
import * as followUp from '#server/follow-up.ts';
import type { Gate } from '#server/gate.ts';

/** What the address asks for, and the units that fit: the page and the files show the same. */
export async function asked(gate: Gate, url: URL, now: Date) {
  gate.ask('follow-up.list');
  const sees = (path: string[]) => gate.may('follow-up.see', { path });
  const overview = await followUp.overview(db().main, sees, url.searchParams.get('round'), now);
  const area = overview.areas.find(({ code }) => code === url.searchParams.get('area')) ?? null;
  const filter: FollowUp.Filter = {
    area: area?.code ?? null,
    stuckOnly: url.searchParams.get('stuck') === 'only',
    order: FollowUp.orders.find((one) => one === url.searchParams.get('order')) ?? 'behind',
  };
  return { overview, filter, area, rows: FollowUp.filtered(overview.rows, filter) };
}
