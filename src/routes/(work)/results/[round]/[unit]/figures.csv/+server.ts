import { csvForExcel, csvForMachines } from '#server/spreadsheet.ts';
import { lines } from '../figures.ts';
import { open, saved } from '../open.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, locals: { gate } }) => {
  const { reading, figures, name } = await open(gate, params);
  const write = url.searchParams.get('profile') === 'machine' ? csvForMachines : csvForExcel;
  return new Response(write(lines(reading, figures)), {
    headers: saved(`${name}.csv`, 'text/csv; charset=utf-8'),
  });
};
