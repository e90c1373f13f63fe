import { saved, xlsx } from '#server/spreadsheet.ts';
import { sheets } from '../figures.ts';
import { open } from '../open.ts';
import type { RequestHandler } from './$types';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const GET: RequestHandler = async ({ params, locals: { gate } }) => {
  const { reading, figures, name } = await open(gate, params);
  const bytes = await xlsx(sheets(reading, figures));
  return new Response(new Uint8Array(bytes), { headers: saved(`${name}.xlsx`, type) });
};
