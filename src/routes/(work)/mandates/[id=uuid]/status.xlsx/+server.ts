import { savedXlsx } from '#server/spreadsheet.ts';
import { read, sheet } from '../status.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const status = await read(gate, params.id, true, now);
  return await savedXlsx(`${status.mandate.title} ${status.today}`, [sheet(status)]);
};
