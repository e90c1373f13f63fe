import { read, text } from '../file.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals: { gate, now } }) => {
  const { said, last } = await read(gate, params, now);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' };
  return new Response(text(said, last), { headers });
};
