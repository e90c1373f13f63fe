import { xlsx } from '#server/spreadsheet.ts';
import { read, sheet } from '../status.ts';
import type { RequestHandler } from './$types';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const status = await read(gate, params.id, true, now);
  const bytes = await xlsx([sheet(status)]);
  const name = encodeURIComponent(`${status.mandate.title} ${status.today}.xlsx`).replace(/['()*]/g, escape);
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'cache-control': 'private, no-store',
    },
  });
};
