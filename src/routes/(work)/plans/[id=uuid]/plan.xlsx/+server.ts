import { saved, xlsx } from '#server/spreadsheet.ts';
import { read, sheet } from '../file.ts';
import type { RequestHandler } from './$types';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const { said, name } = await read(gate, params, now);
  const bytes = await xlsx([sheet(said)]);
  return new Response(new Uint8Array(bytes), { headers: saved(`${name}.xlsx`, type) });
};
