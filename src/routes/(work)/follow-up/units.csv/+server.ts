import { csvForExcel, saved } from '#server/spreadsheet.ts';
import { asked } from '../asked.ts';
import { table } from '../table.ts';
import { m } from '#messages';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ url, locals: { gate, now } }) => {
  const { overview, rows } = await asked(gate, url, now);
  const name = `${m.follow_up_title()} ${overview.round?.name ?? ''}`.trim();
  return new Response(csvForExcel(table(rows)), { headers: saved(`${name}.csv`, 'text/csv; charset=utf-8') });
};
