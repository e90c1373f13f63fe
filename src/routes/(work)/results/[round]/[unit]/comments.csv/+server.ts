import { error } from '@sveltejs/kit';
import { csvForExcel, csvForMachines, saved } from '#server/spreadsheet.ts';
import { tableOfComments } from '../figures.ts';
import { open } from '../open.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, locals: { gate } }) => {
  const { reading, name } = await open(gate, params);
  const forMachines = url.searchParams.get('profile') === 'machine';
  const table = tableOfComments(reading, forMachines) ?? error(404);
  const text = forMachines ? csvForMachines(table) : csvForExcel(table);
  return new Response(text, { headers: saved(`${name} comments.csv`, 'text/csv; charset=utf-8') });
};
