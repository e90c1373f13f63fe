import { csvForExcel, csvForMachines, saved } from '#server/spreadsheet.ts';
import { tableForExcel, tableForMachines } from '../figures.ts';
import { open } from '../open.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, locals: { gate } }) => {
  const { reading, figures, name } = await open(gate, params);
  const text =
    url.searchParams.get('profile') === 'machine'
      ? csvForMachines(tableForMachines(reading, figures))
      : csvForExcel(tableForExcel(reading, figures));
  return new Response(text, { headers: saved(`${name}.csv`, 'text/csv; charset=utf-8') });
};
