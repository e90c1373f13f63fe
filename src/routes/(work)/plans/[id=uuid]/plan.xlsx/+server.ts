import { savedXlsx } from '#server/spreadsheet.ts';
import { read, sheet } from '../file.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const { said, name } = await read(gate, params, now);
  return await savedXlsx(name, [sheet(said)]);
};
