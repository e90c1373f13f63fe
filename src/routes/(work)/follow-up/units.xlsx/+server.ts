import { m } from '#messages';
import { savedXlsx } from '#server/spreadsheet.ts';
import { asked } from '../asked.ts';
import { table } from '../table.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ url, locals: { gate, now } }) => {
  const { overview, rows } = await asked(gate, url, now);
  const name = `${m.follow_up_title()} ${overview.round?.name ?? ''}`.trim();
  return await savedXlsx(name, [table(rows)]);
};
