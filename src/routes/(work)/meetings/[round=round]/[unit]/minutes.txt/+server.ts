import { plain } from './plain.ts';
import type { RequestHandler } from './$types';
import { read } from '../minutes/minutes.ts';

export const GET: RequestHandler = async ({ params, locals: { gate, now, locale } }) =>
  new Response(plain(await read(gate, params, now, locale)), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' },
  });
