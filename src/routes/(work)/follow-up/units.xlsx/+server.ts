import { m } from '#messages';
import { saved, xlsx } from '#server/spreadsheet.ts';
import { asked } from '../asked.ts';
import { table } from '../table.ts';
import type { RequestHandler } from './$types';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const GET: RequestHandler = async ({ url, locals: { gate, now } }) => {
  const { overview, rows } = await asked(gate, url, now);
  const name = `${m.follow_up_title()} ${overview.round?.name ?? ''}`.trim();
  const bytes = await xlsx([table(rows)]);
  return new Response(new Uint8Array(bytes), { headers: saved(`${name}.xlsx`, type) });
};
