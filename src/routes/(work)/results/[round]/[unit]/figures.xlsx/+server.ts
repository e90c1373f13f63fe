import { savedXlsx } from '#server/spreadsheet.ts';
import { sheets } from '../figures.ts';
import { open } from '../open.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals: { gate } }) => {
  const { reading, figures, name } = await open(gate, params);
  return await savedXlsx(name, sheets(reading, figures));
};
