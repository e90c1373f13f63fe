import { createHash } from 'node:crypto';
import { error } from '@sveltejs/kit';
import { db } from '#server/db.ts';
import { file } from '#server/frozen.ts';
import type { RequestHandler } from './$types';

/** The round's frozen bytes. Nothing in the request but the path, and whether it can be unpacked, changes them. */
export const GET: RequestHandler = async ({ params, request, locals }) => {
  locals.gate.ask('public');
  const path = params.path.includes('/') || params.path.includes('.') ? params.path : `${params.path}/`;
  // No file has such a name, and the database could not even be asked for some.
  if (!/^[\w./-]*$/.test(path)) error(404);
  const found = await file(db().main, params.round, path);
  if (!found) error(404);
  const packed = /\bbr\b/.test(request.headers.get('accept-encoding') ?? '');
  const bytes = packed ? found.brotli : found.bytes;
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  const headers: Record<string, string> = {
    'content-type': found.contentType,
    'cache-control': 'no-cache',
    vary: 'accept-encoding',
    etag,
    ...(packed && { 'content-encoding': 'br' }),
    ...(found.csp && { 'content-security-policy': found.csp }),
  };
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(Buffer.from(bytes), { headers });
};
