import { csvForExcel, saved } from '#server/spreadsheet.ts';
import { read, sheet } from '../file.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const { said, name } = await read(gate, params, now);
  return new Response(csvForExcel(sheet(said)), { headers: saved(`${name}.csv`, 'text/csv; charset=utf-8') });
};
